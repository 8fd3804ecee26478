// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/add.hpp"

#include "lib/ops/pieces.hpp"
#include "mien/core/error.hpp"
#include "mien/kernels.hpp"

namespace mien {

void add_forward(View<float> y, std::span<const View<const float>> x, int threads) {
  if (x.size() < 2) throw Error(concat("add: ", x.size(), " tensors given, at least 2 are needed"));
  for (const auto& term : x) {
    if (term.shape() != y.shape()) {
      throw Error(concat("add: y is ", y.shape(), ", a term is ", term.shape(), "; they must agree"));
    }
  }
  in_pieces(y.shape().size(), elements_a_piece, threads, [&](std::int64_t begin, std::int64_t end) {
    const float* sum = x[0].data();
    for (const auto& term : x.subspan(1)) {
      kernels().add_forward(y.data() + begin, sum + begin, term.data() + begin, end - begin);
      sum = y.data();
    }
  });
}

void add_backward(std::span<const View<float>> dx, View<const float> dy, int threads) {
  for (const auto& term : dx) {
    if (term.shape() != dy.shape()) {
      throw Error(concat("add: dy is ", dy.shape(), ", a dx is ", term.shape(), "; they must agree"));
    }
  }
  in_pieces(dy.shape().size(), elements_a_piece, threads, [&](std::int64_t begin, std::int64_t end) {
    for (const auto& term : dx) {
      if (term.data() == nullptr || term.data() == dy.data()) continue;
      std::copy(dy.data() + begin, dy.data() + end, term.data() + begin);
    }
  });
}

} // namespace mien
