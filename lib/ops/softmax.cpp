// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/softmax.hpp"

#include "mien/core/error.hpp"
#include "mien/kernels.hpp"

namespace mien {
namespace {

void expect_rows(const Shape& x) {
  if (x.rank() != 2 || x[1] < 1) throw Error(concat("softmax: x must be (N,K), K at least 1 (x ", x, ")"));
}

} // namespace

void softmax(View<float> y, View<const float> x) {
  expect_rows(x.shape());
  if (y.shape() != x.shape())
    throw Error(concat("softmax: y is ", y.shape(), ", x is ", x.shape(), "; they must agree"));
  kernels().softmax(y.data(), x.data(), x.shape()[0], x.shape()[1]);
}

double softmax_cross_entropy(View<float> dx, View<const float> x, std::span<const std::int32_t> labels, double scale) {
  expect_rows(x.shape());
  const auto n = x.shape()[0];
  const auto k = x.shape()[1];
  if (static_cast<std::int64_t>(labels.size()) != n || (dx.size() != 0 && dx.shape() != x.shape())) {
    throw Error(concat("softmax_cross_entropy: ", labels.size(), " labels and dx ", dx.shape(), " given for x ",
                       x.shape(), "; one label a row, and dx like x, are needed"));
  }
  for (const auto label : labels) {
    if (label < 0 || label >= k)
      throw Error(concat("softmax_cross_entropy: label ", label, " given, classes are 0 to ", k - 1));
  }
  return kernels().softmax_cross_entropy(dx.size() == 0 ? nullptr : dx.data(), x.data(), labels.data(), n, k, scale);
}

double soft_cross_entropy(View<float> dx, View<const float> x, View<const float> t, std::span<const float> weights,
                          double scale) {
  expect_rows(x.shape());
  const auto n = x.shape()[0];
  const bool weighted = !weights.empty();
  if (t.shape() != x.shape() || (dx.size() != 0 && dx.shape() != x.shape()) ||
      (weighted && static_cast<std::int64_t>(weights.size()) != n)) {
    throw Error(concat("soft_cross_entropy: targets ", t.shape(), ", dx ", dx.shape(), " and ", weights.size(),
                       " weights given for x ", x.shape(),
                       "; targets and dx like x, and one weight a row or none, are needed"));
  }
  return kernels().soft_cross_entropy(dx.size() == 0 ? nullptr : dx.data(), x.data(), t.data(),
                                      weighted ? weights.data() : nullptr, n, x.shape()[1], scale);
}

} // namespace mien
