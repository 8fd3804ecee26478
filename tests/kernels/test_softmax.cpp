// SPDX-License-Identifier: Apache-2.0
#include "mien/reference/softmax.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/close.hpp"
#include "tests/support/guarded.hpp"
#include "tests/support/kernel_sets.hpp"
#include "tests/support/random.hpp"

#include <cmath>
#include <limits>

using namespace mien;
using namespace mien::test;

namespace {

void check(std::int64_t n, std::int64_t k, float range) {
  CAPTURE(n, k, range);
  const auto logits = random_values(n * k, 1, -range, range);
  const auto labels = random_labels(n, k, 2);
  const auto wide = widened(logits);
  const double scale = 1.0 / static_cast<double>(n);
  std::vector<double> expected_y(wide.size()), expected_dx(wide.size());
  reference::softmax_forward(expected_y.data(), wide.data(), n, k);
  const double expected_loss =
      reference::softmax_cross_entropy(expected_dx.data(), wide.data(), labels.data(), n, k, scale);
  const auto shares = random_values(n * k, 3, 0, 1), row_weights = random_values(n, 4, 0.25f, 2);
  std::vector<double> soft_dx(wide.size());
  const double soft_loss = reference::soft_cross_entropy(soft_dx.data(), wide.data(), widened(shares).data(),
                                                         widened(row_weights).data(), n, k, scale);
  const double even_loss =
      reference::soft_cross_entropy<double>(nullptr, wide.data(), widened(shares).data(), nullptr, n, k, scale);
  auto y_magnitudes = expected_y;
  for (double& value : y_magnitudes) value += 0x1p-120;            // floats end there
  const std::vector<double> dx_magnitudes(wide.size(), 2 * scale); // of a probability and a one, both scaled

  for_each_kernel_set([&](const KernelSet& set) {
    for (std::size_t misalignment = 0; misalignment < 4; ++misalignment) {
      CAPTURE(misalignment);
      Guarded<float> x(logits, misalignment), y(logits.size(), 7.0f, misalignment + 1);
      Guarded<float> dx(logits.size(), 7.0f, misalignment + 2);
      Guarded<std::int32_t> targets(labels, misalignment);
      set.softmax(y.data(), x.data(), n, k);
      CHECK(close<float>(y.values(), expected_y, y_magnitudes, {.c = 2})); // each probability is rounded once
      const double loss = set.softmax_cross_entropy(dx.data(), x.data(), targets.data(), n, k, scale);
      CHECK(std::abs(loss - expected_loss) <= 1e-12 * (1 + expected_loss));
      CHECK(set.softmax_cross_entropy(nullptr, x.data(), targets.data(), n, k, scale) == loss);
      CHECK(close<float>(dx.values(), expected_dx, dx_magnitudes, {.c = 2}));

      Guarded<float> t(shares, misalignment + 3), weights(row_weights, misalignment);
      const double soft = set.soft_cross_entropy(dx.data(), x.data(), t.data(), weights.data(), n, k, scale);
      CHECK(std::abs(soft - soft_loss) <= 1e-12 * (1 + std::abs(soft_loss)));
      CHECK(close<float>(dx.values(), soft_dx, Bound{.c = 2}));
      CHECK(set.soft_cross_entropy(nullptr, x.data(), t.data(), weights.data(), n, k, scale) == soft);
      const double even = set.soft_cross_entropy(nullptr, x.data(), t.data(), nullptr, n, k, scale);
      CHECK(std::abs(even - even_loss) <= 1e-12 * (1 + std::abs(even_loss)));
      CHECK((x.intact() && y.intact() && dx.intact() && targets.intact() && t.intact() && weights.intact()));
    }
  });
}

} // namespace

TEST_CASE("kernels: softmax and its cross-entropy, for classes around the width of a vector") {
  for (const std::int64_t k : extents_around_all_lanes()) check(3, k, 2);
}

TEST_CASE("kernels: softmax and its cross-entropy, for the seven expressions and for logits far apart") {
  check(32, 7, 5);
  check(5, 7, 300);
}

TEST_CASE("kernels: softmax of logits that overflow, vanish or are no numbers") {
  for_each_kernel_set([](const KernelSet& set) {
    const std::vector<float> x{1e30f, -1e30f, 0};
    std::vector<float> y(3), dx(3);
    set.softmax(y.data(), x.data(), 1, 3);
    CHECK(y == std::vector<float>{1, 0, 0});
    const std::int32_t last = 2;
    CHECK(set.softmax_cross_entropy(dx.data(), x.data(), &last, 1, 3, 1) == static_cast<double>(1e30f));
    CHECK(dx == std::vector<float>{1, 0, -1});

    const std::vector<float> broken{0, std::numeric_limits<float>::quiet_NaN(), 0};
    CHECK(std::isnan(set.softmax_cross_entropy(dx.data(), broken.data(), &last, 1, 3, 1)));
  });
}
