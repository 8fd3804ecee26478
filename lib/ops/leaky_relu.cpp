// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/leaky_relu.hpp"

#include "lib/ops/pieces.hpp"
#include "mien/core/error.hpp"
#include "mien/kernels.hpp"

#include <cmath>

namespace mien {
namespace {

/// A negative slope would make y's sign say nothing about x's, which the way back relies on.
void expect_slope(float slope) {
  if (slope >= 0 && std::isfinite(slope)) return;
  throw Error(concat("leaky_relu: the slope is ", slope, ", it must be at least 0 and finite"));
}

} // namespace

void leaky_relu_forward(View<float> y, View<const float> x, float slope, int threads) {
  expect_slope(slope);
  if (y.shape() != x.shape()) {
    throw Error(concat("leaky_relu: y is ", y.shape(), ", x is ", x.shape(), "; they must agree"));
  }
  in_pieces(x.shape().size(), elements_a_piece, threads, [&](std::int64_t begin, std::int64_t end) {
    kernels().leaky_relu_forward(y.data() + begin, x.data() + begin, end - begin, slope);
  });
}

void leaky_relu_backward(View<float> dx, View<const float> y, View<const float> dy, float slope, int threads) {
  expect_slope(slope);
  if (dx.shape() != y.shape() || dy.shape() != y.shape()) {
    throw Error(
        concat("leaky_relu: dx is ", dx.shape(), ", y is ", y.shape(), ", dy is ", dy.shape(), "; they must agree"));
  }
  in_pieces(y.shape().size(), elements_a_piece, threads, [&](std::int64_t begin, std::int64_t end) {
    kernels().leaky_relu_backward(dx.data() + begin, y.data() + begin, dy.data() + begin, end - begin, slope);
  });
}

} // namespace mien
