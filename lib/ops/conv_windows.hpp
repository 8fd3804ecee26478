// SPDX-License-Identifier: Apache-2.0
// What every convolution finds out about its extents, whatever its filters are.
#pragma once

#include "mien/core/error.hpp"
#include "mien/core/extents.hpp"
#include "mien/ops/conv2d.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace mien {

/// ` (x 64x48x48x3, w 3x3x1x32)`: what every error about shapes ends with.
[[nodiscard]] inline std::string shapes(const Shape& x, const Shape& w) { return concat(" (x ", x, ", w ", w, ")"); }

/// The extents of windows of w's size, k channels out, over x; ranks, channels and strides are checked.
/// Throws Error, beginning with the operation's name, if not even one window fits.
[[nodiscard]] inline Conv2dExtents windows_over(std::string_view operation, const Shape& x, const Shape& w,
                                                std::int64_t k, const std::array<std::int64_t, 2>& strides,
                                                Padding padding) {
  const auto windows = padding == Padding::same ? same_windows : valid_windows;
  const auto rows = windows(x[1], w[0], strides[0]);
  const auto columns = windows(x[2], w[1], strides[1]);
  if (rows.count < 1 || columns.count < 1) {
    throw Error(concat(operation, ": a window of ", w[0], "x", w[1], " does not fit into a picture of ", x[1], "x",
                       x[2], shapes(x, w), "; use padding same, or fewer poolings before"));
  }
  return {.n = x[0],
          .h = x[1],
          .w = x[2],
          .c = x[3],
          .r = w[0],
          .s = w[1],
          .k = k,
          .stride_h = strides[0],
          .stride_w = strides[1],
          .pad_top = rows.pad_before,
          .pad_left = columns.pad_before,
          .p = rows.count,
          .q = columns.count};
}

} // namespace mien
