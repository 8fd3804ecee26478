// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/adam.hpp"

#include "lib/ops/pieces.hpp"
#include "mien/core/error.hpp"
#include "mien/kernels.hpp"

namespace mien {

void adam(View<float> w, View<float> m, View<float> v, View<const float> dw, const AdamStep& step, int threads) {
  if (m.shape() != w.shape() || v.shape() != w.shape() || dw.shape() != w.shape()) {
    throw Error(concat("adam: w is ", w.shape(), ", m ", m.shape(), ", v ", v.shape(), ", dw ", dw.shape(),
                       "; they must agree"));
  }
  in_pieces(w.shape().size(), elements_a_piece, threads, [&](std::int64_t begin, std::int64_t end) {
    kernels().adam(w.data() + begin, m.data() + begin, v.data() + begin, dw.data() + begin, end - begin, step);
  });
}

} // namespace mien
