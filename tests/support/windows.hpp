// SPDX-License-Identifier: Apache-2.0
// Windows, strides and paddings to test with.
#pragma once

#include "mien/core/extents.hpp"

#include <cstdint>

namespace mien::test {

/// A depthwise convolution, with P and Q by the padding's rule.
[[nodiscard]] inline Conv2dExtents depthwise_extents(std::int64_t n, std::int64_t h, std::int64_t w, std::int64_t c,
                                                     std::int64_t r, std::int64_t s, std::int64_t stride_h,
                                                     std::int64_t stride_w, bool same) {
  const auto windows = same ? same_windows : valid_windows;
  const Windows rows = windows(h, r, stride_h), columns = windows(w, s, stride_w);
  return {.n = n,
          .h = h,
          .w = w,
          .c = c,
          .r = r,
          .s = s,
          .k = c,
          .stride_h = stride_h,
          .stride_w = stride_w,
          .pad_top = rows.pad_before,
          .pad_left = columns.pad_before,
          .p = rows.count,
          .q = columns.count};
}

/// Calls f(r, s, stride_h, stride_w, same) for windows of several sizes with every stride to 3 and both paddings.
template <class F> void for_each_window(F f) {
  struct Window {
    std::int64_t r, s;
  };
  for (const Window window : {Window{1, 1}, Window{3, 3}, Window{2, 3}, Window{5, 4}}) {
    for (const std::int64_t stride_h : {1, 2, 3}) {
      for (const std::int64_t stride_w : {1, 2, 3}) {
        for (const bool same : {false, true}) f(window.r, window.s, stride_h, stride_w, same);
      }
    }
  }
}

} // namespace mien::test
