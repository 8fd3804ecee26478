// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/pool2d.hpp"

#include "mien/core/error.hpp"

namespace mien {

PoolExtents pool2d_extents(std::string_view operation, const Shape& x, const Pool2dOptions& options) {
  if (x.rank() != 4) throw Error(concat(operation, ": x must be (N,H,W,C) (x ", x, ")"));
  const auto [r, s] = options.pool_size;
  const auto [stride_h, stride_w] = options.strides;
  if (r < 1 || s < 1 || stride_h < 1 || stride_w < 1) {
    throw Error(concat(operation, ": pool size (", r, ", ", s, ") and strides (", stride_h, ", ", stride_w,
                       ") must be at least 1"));
  }
  const auto p = valid_windows(x[1], r, stride_h).count;
  const auto q = valid_windows(x[2], s, stride_w).count;
  if (p < 1 || q < 1) {
    throw Error(concat(operation, ": a window of ", r, "x", s, " does not fit into a picture of ", x[1], "x", x[2],
                       " (x ", x, "); use fewer poolings or a larger picture"));
  }
  return {.n = x[0],
          .h = x[1],
          .w = x[2],
          .c = x[3],
          .r = r,
          .s = s,
          .stride_h = stride_h,
          .stride_w = stride_w,
          .p = p,
          .q = q};
}

} // namespace mien
