// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/relu.hpp"

#include "lib/ops/pieces.hpp"
#include "mien/core/error.hpp"
#include "mien/kernels.hpp"

namespace mien {

void relu_forward(View<float> y, View<const float> x, int threads) {
  if (y.shape() != x.shape()) throw Error(concat("relu: y is ", y.shape(), ", x is ", x.shape(), "; they must agree"));
  in_pieces(x.shape().size(), elements_a_piece, threads, [&](std::int64_t begin, std::int64_t end) {
    kernels().relu_forward(y.data() + begin, x.data() + begin, end - begin);
  });
}

void relu_backward(View<float> dx, View<const float> y, View<const float> dy, int threads) {
  if (dx.shape() != y.shape() || dy.shape() != y.shape()) {
    throw Error(concat("relu: dx is ", dx.shape(), ", y is ", y.shape(), ", dy is ", dy.shape(), "; they must agree"));
  }
  in_pieces(y.shape().size(), elements_a_piece, threads, [&](std::int64_t begin, std::int64_t end) {
    kernels().relu_backward(dx.data() + begin, y.data() + begin, dy.data() + begin, end - begin);
  });
}

} // namespace mien
