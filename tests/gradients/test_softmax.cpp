// SPDX-License-Identifier: Apache-2.0
#include "mien/reference/softmax.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/derivative.hpp"
#include "tests/support/random.hpp"

#include <cmath>

using namespace mien;
using namespace mien::test;

TEST_CASE("softmax_cross_entropy: the derivative is that of the loss") {
  constexpr std::int64_t n = 5, k = 7;
  auto x = random_values<double>(n * k, 1, -2, 2);
  const auto labels = random_labels(n, k, 2);
  double* const no_derivative = nullptr;
  const auto loss = [&] {
    return reference::softmax_cross_entropy(no_derivative, x.data(), labels.data(), n, k, 1.0 / n) / n;
  };
  std::vector<double> dx(x.size(), 7); // overwritten
  const double sum = reference::softmax_cross_entropy(dx.data(), x.data(), labels.data(), n, k, 1.0 / n);
  CHECK(sum == loss() * n);
  CHECK(is_derivative(dx, x, 1e-4, loss));
}

TEST_CASE("soft_cross_entropy: the derivative is that of the loss, for targets that do not quite sum to 1 too") {
  constexpr std::int64_t n = 5, k = 7;
  auto x = random_values<double>(n * k, 1, -2, 2);
  const auto t = random_values<double>(n * k, 2, 0, 1), weights = random_values<double>(n, 3, 0.1f, 3);
  double* const no_derivative = nullptr;
  const double scale = 1.0 / n;
  for (const double* w : {weights.data(), static_cast<const double*>(nullptr)}) {
    const auto loss = [&] {
      return scale * reference::soft_cross_entropy(no_derivative, x.data(), t.data(), w, n, k, scale);
    };
    std::vector<double> dx(x.size(), 7); // overwritten
    const double sum = reference::soft_cross_entropy(dx.data(), x.data(), t.data(), w, n, k, scale);
    CHECK(scale * sum == loss());
    CHECK(is_derivative(dx, x, 1e-4, loss));
  }
}

TEST_CASE("soft_cross_entropy: one-hot targets are labels") {
  constexpr std::int64_t n = 5, k = 7;
  const auto x = random_values<double>(n * k, 1, -2, 2);
  const auto labels = random_labels(n, k, 2);
  std::vector<double> t(x.size()), dx(x.size()), expected(x.size());
  for (std::size_t row = 0; row < labels.size(); ++row) t[row * k + static_cast<std::size_t>(labels[row])] = 1;
  const double* const unweighted = nullptr;
  const double loss = reference::soft_cross_entropy(dx.data(), x.data(), t.data(), unweighted, n, k, 0.5);
  CHECK(loss == Approx(reference::softmax_cross_entropy(expected.data(), x.data(), labels.data(), n, k, 0.5)));
  CHECK(dx == expected);
}

TEST_CASE("softmax_cross_entropy: equal logits cost log K, and huge ones neither overflow nor lose the loss") {
  float* const no_derivative = nullptr;
  const std::vector<float> equal(7, 3.0f), huge{1e4f, 0, -1e4f};
  const std::int32_t first = 0, second = 1, third = 2;
  CHECK(reference::softmax_cross_entropy(no_derivative, equal.data(), &second, 1, 7, 1) == Approx(std::log(7.0)));
  CHECK(reference::softmax_cross_entropy(no_derivative, huge.data(), &first, 1, 3, 1) == 0);
  CHECK(reference::softmax_cross_entropy(no_derivative, huge.data(), &third, 1, 3, 1) == 2e4);
}

TEST_CASE("softmax: rows are exp(x) over its sum, add up to 1, and do not change with a constant added") {
  const std::vector<double> x{0, std::log(2.0), std::log(5.0), 700, 700 + std::log(2.0), 700 + std::log(5.0)};
  std::vector<double> y(6);
  reference::softmax_forward(y.data(), x.data(), 2, 3);
  const std::vector<double> expected{0.125, 0.25, 0.625, 0.125, 0.25, 0.625};
  for (std::size_t i = 0; i < 6; ++i) CHECK(y[i] == Approx(expected[i]).epsilon(1e-12));
}
