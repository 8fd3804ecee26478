// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/max_pool2d.hpp"

#include "mien/core/error.hpp"
#include "mien/kernels.hpp"
#include "mien/ops/parallel.hpp"

namespace mien {
namespace {

MaxPoolExtents checked(const Shape& x, const Shape& y, const MaxPool2dOptions& options) {
  auto e = max_pool2d_extents(x, options);
  const Shape expected{e.n, e.p, e.q, e.c};
  if (y != expected) throw Error(concat("max_pool2d: y is ", y, ", it must be ", expected));
  return e;
}

} // namespace

MaxPoolExtents max_pool2d_extents(const Shape& x, const MaxPool2dOptions& options) {
  if (x.rank() != 4) throw Error(concat("max_pool2d: x must be (N,H,W,C) (x ", x, ")"));
  const auto [r, s] = options.pool_size;
  const auto [stride_h, stride_w] = options.strides;
  if (r < 1 || s < 1 || stride_h < 1 || stride_w < 1) {
    throw Error(concat("max_pool2d: pool size (", r, ", ", s, ") and strides (", stride_h, ", ", stride_w,
                       ") must be at least 1"));
  }
  const auto p = valid_windows(x[1], r, stride_h).count;
  const auto q = valid_windows(x[2], s, stride_w).count;
  if (p < 1 || q < 1) {
    throw Error(concat("max_pool2d: a window of ", r, "x", s, " does not fit into a picture of ", x[1], "x", x[2],
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

void max_pool2d_forward(View<float> y, View<const float> x, const MaxPool2dOptions& options, int threads) {
  auto e = checked(x.shape(), y.shape(), options);
  const auto pictures = static_cast<int>(e.n);
  e.n = 1;
  parallel_for(threads, pictures, [&](int n, int) {
    kernels().max_pool_forward(y.data() + n * e.p * e.q * e.c, x.data() + n * e.h * e.w * e.c, e);
  });
}

void max_pool2d_backward(View<float> dx, View<const float> x, View<const float> dy, const MaxPool2dOptions& options,
                         int threads) {
  auto e = checked(x.shape(), dy.shape(), options);
  if (dx.shape() != x.shape()) throw Error(concat("max_pool2d: dx is ", dx.shape(), ", it must be ", x.shape()));
  const auto pictures = static_cast<int>(e.n);
  e.n = 1;
  parallel_for(threads, pictures, [&](int n, int) {
    const auto picture = n * e.h * e.w * e.c;
    kernels().max_pool_backward(dx.data() + picture, x.data() + picture, dy.data() + n * e.p * e.q * e.c, e);
  });
}

} // namespace mien
