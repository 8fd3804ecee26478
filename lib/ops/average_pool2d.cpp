// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/average_pool2d.hpp"

#include "mien/core/error.hpp"
#include "mien/kernels.hpp"
#include "mien/ops/parallel.hpp"

namespace mien {
namespace {

void expect(const char* operation, const char* what, const Shape& actual, const Shape& expected) {
  if (actual != expected) throw Error(concat(operation, ": ", what, " is ", actual, ", it must be ", expected));
}

void forward(float* y, const float* x, PoolExtents e, int threads) {
  const auto pictures = static_cast<int>(e.n);
  e.n = 1;
  parallel_for(threads, pictures, [&](int n, int) {
    kernels().average_pool_forward(y + n * e.p * e.q * e.c, x + n * e.h * e.w * e.c, e);
  });
}

void backward(float* dx, const float* dy, PoolExtents e, int threads) {
  const auto pictures = static_cast<int>(e.n);
  e.n = 1;
  parallel_for(threads, pictures, [&](int n, int) {
    kernels().average_pool_backward(dx + n * e.h * e.w * e.c, dy + n * e.p * e.q * e.c, e);
  });
}

constexpr const char* windows = "average_pool2d";
constexpr const char* global = "global_average_pool2d";

/// One window as large as the picture.
PoolExtents global_extents(const Shape& x) {
  if (x.rank() != 4) throw Error(concat(global, ": x must be (N,H,W,C) (x ", x, ")"));
  return pool2d_extents(global, x, {.pool_size = {x[1], x[2]}, .strides = {1, 1}});
}

} // namespace

void average_pool2d_forward(View<float> y, View<const float> x, const Pool2dOptions& options, int threads) {
  const auto e = pool2d_extents(windows, x.shape(), options);
  expect(windows, "y", y.shape(), Shape{e.n, e.p, e.q, e.c});
  forward(y.data(), x.data(), e, threads);
}

void average_pool2d_backward(View<float> dx, View<const float> dy, const Pool2dOptions& options, int threads) {
  const auto e = pool2d_extents(windows, dx.shape(), options);
  expect(windows, "dy", dy.shape(), Shape{e.n, e.p, e.q, e.c});
  backward(dx.data(), dy.data(), e, threads);
}

void global_average_pool2d_forward(View<float> y, View<const float> x, int threads) {
  const auto e = global_extents(x.shape());
  expect(global, "y", y.shape(), Shape{e.n, e.c});
  forward(y.data(), x.data(), e, threads);
}

void global_average_pool2d_backward(View<float> dx, View<const float> dy, int threads) {
  const auto e = global_extents(dx.shape());
  expect(global, "dy", dy.shape(), Shape{e.n, e.c});
  backward(dx.data(), dy.data(), e, threads);
}

} // namespace mien
