// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/max_pool2d.hpp"

#include "mien/core/error.hpp"
#include "mien/kernels.hpp"
#include "mien/ops/parallel.hpp"

namespace mien {
namespace {

PoolExtents checked(const Shape& x, const Shape& y, const Pool2dOptions& options) {
  auto e = pool2d_extents("max_pool2d", x, options);
  const Shape expected{e.n, e.p, e.q, e.c};
  if (y != expected) throw Error(concat("max_pool2d: y is ", y, ", it must be ", expected));
  return e;
}

} // namespace

void max_pool2d_forward(View<float> y, View<const float> x, const Pool2dOptions& options, int threads) {
  auto e = checked(x.shape(), y.shape(), options);
  const auto pictures = static_cast<int>(e.n);
  e.n = 1;
  parallel_for(threads, pictures, [&](int n, int) {
    kernels().max_pool_forward(y.data() + n * e.p * e.q * e.c, x.data() + n * e.h * e.w * e.c, e);
  });
}

void max_pool2d_backward(View<float> dx, View<const float> x, View<const float> dy, const Pool2dOptions& options,
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
