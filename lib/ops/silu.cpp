// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/silu.hpp"

#include "lib/ops/pieces.hpp"
#include "mien/core/error.hpp"
#include "mien/kernels.hpp"

namespace mien {

void silu_forward(View<float> y, View<const float> x, int threads) {
  if (y.shape() != x.shape()) throw Error(concat("silu: y is ", y.shape(), ", x is ", x.shape(), "; they must agree"));
  in_pieces(x.shape().size(), elements_a_piece, threads, [&](std::int64_t begin, std::int64_t end) {
    kernels().silu_forward(y.data() + begin, x.data() + begin, end - begin);
  });
}

void silu_backward(View<float> dx, View<const float> x, View<const float> dy, int threads) {
  if (dx.shape() != x.shape() || dy.shape() != x.shape()) {
    throw Error(concat("silu: dx is ", dx.shape(), ", x is ", x.shape(), ", dy is ", dy.shape(), "; they must agree"));
  }
  in_pieces(x.shape().size(), elements_a_piece, threads, [&](std::int64_t begin, std::int64_t end) {
    kernels().silu_backward(dx.data() + begin, x.data() + begin, dy.data() + begin, end - begin);
  });
}

} // namespace mien
