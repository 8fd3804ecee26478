// SPDX-License-Identifier: Apache-2.0
// Cross-entropy with soft targets, smoothed labels and class weights.
#include "mien/ops/softmax.hpp"
#include "mien/train/targets.hpp"
#include "tests/golden/fixture.hpp"
#include "tests/support/close.hpp"

using namespace mien;
using namespace mien::test;

namespace {

void check_loss(const std::string& name, View<const float> t, std::span<const float> weights, double divisor) {
  const Fixture fixture("losses");
  CAPTURE(name);
  Tensor dx(t.shape());
  const View<const float> x(fixture["x"].data(), t.shape());
  const double loss = soft_cross_entropy(dx, x, t, weights, 1 / divisor) / divisor;
  CHECK(loss == Approx(fixture.expected(name + "/loss")[0]).epsilon(2e-7));
  CHECK(close<float>(dx.view<float>().span(), fixture.expected(name + "/dx"), Bound{.c = 4}));
}

} // namespace

TEST_CASE("golden: losses of soft targets, smoothed labels and class weights are PyTorch's, with their gradients") {
  const Fixture fixture("losses");
  const auto labels = fixture.operator[]<std::int32_t>("labels");
  const auto class_weights = fixture["class_weights"];
  const auto n = static_cast<std::int64_t>(labels.size()), k = static_cast<std::int64_t>(class_weights.size());
  const auto divisor = static_cast<double>(n);
  Tensor one_hot(Shape{n, k}), smooth(Shape{n, k});
  smoothed_targets(one_hot, labels, 0);
  smoothed_targets(smooth, labels, 0.125);
  std::vector<float> weights(labels.size());
  const double sum = weights_of_labels(weights, labels, class_weights);

  check_loss("soft", View<const float>(fixture["soft"].data(), {n, k}), {}, divisor);
  check_loss("smooth", smooth, {}, divisor);
  check_loss("weighted", one_hot, weights, sum);
  check_loss("both", smooth, weights, sum);
}
