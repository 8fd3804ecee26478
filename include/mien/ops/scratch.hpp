// SPDX-License-Identifier: Apache-2.0
// How much memory beside its inputs and outputs an operation needs.
#pragma once

#include <cstddef>

namespace mien {

/// Floats of scratch memory: one block shared by a call, one for each of its workers.
struct Scratch {
  std::size_t shared = 0;
  std::size_t per_worker = 0;

  [[nodiscard]] std::size_t floats(int threads) const noexcept {
    return shared + per_worker * static_cast<std::size_t>(threads);
  }
};

} // namespace mien
