// SPDX-License-Identifier: Apache-2.0
// How far Winograd's algorithm may be off: its reference on magnitudes alone.
#pragma once

#include "mien/reference/winograd.hpp"

#include <cstddef>

namespace mien::test {

/// The same matrices without signs. The reference on these and on the magnitudes of its inputs gives, for each element,
/// the sum of the magnitudes of all terms that make it up: what close() takes. Source: docs/derivations/winograd.md.
template <std::size_t m>
[[nodiscard]] constexpr auto without_signs(reference::winograd::Matrices<double, m> matrices) noexcept {
  const auto strip = [](auto& matrix) {
    for (auto& row : matrix) {
      for (double& value : row) value = value < 0 ? -value : value;
    }
  };
  strip(matrices.at), strip(matrices.g), strip(matrices.bt);
  return matrices;
}

} // namespace mien::test
