// SPDX-License-Identifier: Apache-2.0
// Poolings to test with.
#pragma once

#include "mien/core/extents.hpp"

namespace mien::test {

/// Two pictures of h x w x c, windows of r x s, one stride for both axes.
[[nodiscard]] inline PoolExtents pool_extents(std::int64_t h, std::int64_t w, std::int64_t c, std::int64_t r,
                                              std::int64_t s, std::int64_t stride) {
  return {.n = 2,
          .h = h,
          .w = w,
          .c = c,
          .r = r,
          .s = s,
          .stride_h = stride,
          .stride_w = stride,
          .p = valid_windows(h, r, stride).count,
          .q = valid_windows(w, s, stride).count};
}

} // namespace mien::test
