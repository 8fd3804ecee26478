// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/moving_average.hpp"

#include "lib/ops/pieces.hpp"
#include "mien/core/error.hpp"
#include "mien/kernels.hpp"

namespace mien {

void moving_average(View<float> y, View<const float> x, float rate, int threads) {
  if (y.shape() != x.shape())
    throw Error(concat("moving_average: y is ", y.shape(), ", x is ", x.shape(), "; they must agree"));
  in_pieces(x.shape().size(), elements_a_piece, threads, [&](std::int64_t begin, std::int64_t end) {
    kernels().moving_average(y.data() + begin, x.data() + begin, end - begin, rate);
  });
}

} // namespace mien
