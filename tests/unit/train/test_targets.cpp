// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/train/targets.hpp"
#include "tests/support/catch.hpp"

using namespace mien;
using Catch::Contains;

TEST_CASE("targets: smoothing takes from the label and gives to all alike") {
  Tensor t(Shape{2, 4});
  smoothed_targets(t, std::vector<std::int32_t>{2, 0}, 0.5);
  const std::vector<float> expected{.125f, .125f, .625f, .125f, .625f, .125f, .125f, .125f};
  CHECK(std::ranges::equal(t.view<float>(), expected));
  smoothed_targets(t, std::vector<std::int32_t>{3, 1}, 0);
  CHECK(std::ranges::equal(t.view<float>(), std::vector<float>{0, 0, 0, 1, 0, 1, 0, 0}));
}

TEST_CASE("targets: balanced weights let every class that there is count alike") {
  const std::vector<std::int32_t> labels{0, 0, 0, 2, 2, 0, 0, 0}; // six of class 0, two of class 2, none of class 1
  const auto weights = balanced_class_weights(std::vector<std::size_t>{6, 0, 2});
  REQUIRE(weights.size() == 3);
  CHECK(weights[0] == Approx(8 / (2.0 * 6)));
  CHECK(weights[1] == 0);
  CHECK(weights[2] == Approx(8 / (2.0 * 2)));
  std::vector<float> rows(labels.size());
  CHECK(weights_of_labels(rows, labels, weights) == Approx(8)); // the mean is 1
  CHECK(rows[3] == weights[2]);
  CHECK(weights_of_labels(rows, labels, std::vector<float>{0, 0, 0}) == 1);
}

TEST_CASE("targets: what does not fit is refused in words") {
  Tensor t(Shape{2, 4});
  const std::vector<std::int32_t> good{1, 2}, wrong{1, 4}, three{0, 1, 2};
  std::vector<float> two(2);
  CHECK_THROWS_WITH(smoothed_targets(t, three, 0), Contains("3 labels given for targets 2x4"));
  CHECK_THROWS_WITH(smoothed_targets(t, wrong, 0), Contains("label 4 given, there are 4 classes"));
  CHECK_THROWS_WITH(smoothed_targets(t, good, 1), Contains("smoothing of 1"));
  CHECK_THROWS_WITH(weights_of_labels(two, three, std::vector<float>{1, 1, 1}), Contains("2 weights given for 3"));
  CHECK_THROWS_WITH(weights_of_labels(two, good, std::vector<float>{1, 1}), Contains("label 2"));
}
