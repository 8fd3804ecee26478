// SPDX-License-Identifier: Apache-2.0
// Places for values that do not live at the same time, in one block of memory.
#pragma once

#include <cstddef>
#include <vector>

namespace mien {

/// From its first to its last step a value needs `floats` floats; none if 0.
struct Lifetime {
  std::size_t floats = 0;
  std::size_t first = 0;
  std::size_t last = 0;
};

/// The number of floats from the beginning of one block to that of the next, on a 64-byte boundary.
[[nodiscard]] constexpr std::size_t padded(std::size_t floats) {
  constexpr std::size_t line = 16; // floats in 64 bytes
  return (floats + line - 1) / line * line;
}

struct Arena {
  std::vector<std::size_t> offsets; ///< one a lifetime, in floats, each on a 64-byte boundary
  std::size_t floats = 0;
};

/// Gives each value, largest first, the lowest place that no value alive at the same time holds.
[[nodiscard]] Arena lay_out(const std::vector<Lifetime>& lifetimes);

} // namespace mien
