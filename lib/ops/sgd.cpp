// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/sgd.hpp"

#include "lib/ops/pieces.hpp"
#include "mien/core/error.hpp"
#include "mien/kernels.hpp"

namespace mien {

void sgd(View<float> w, View<float> b, View<const float> dw, const SgdStep& step, int threads) {
  if (b.shape() != w.shape() || dw.shape() != w.shape())
    throw Error(concat("sgd: w is ", w.shape(), ", b ", b.shape(), ", dw ", dw.shape(), "; they must agree"));
  in_pieces(w.shape().size(), elements_a_piece, threads, [&](std::int64_t begin, std::int64_t end) {
    kernels().sgd(w.data() + begin, b.data() + begin, dw.data() + begin, end - begin, step);
  });
}

} // namespace mien
