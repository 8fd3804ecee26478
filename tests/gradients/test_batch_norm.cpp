// SPDX-License-Identifier: Apache-2.0
#include "mien/reference/batch_norm.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/derivative.hpp"
#include "tests/support/random.hpp"

#include <cmath>

using namespace mien;
using namespace mien::test;

namespace {

constexpr std::int64_t rows = 12, channels = 5;
constexpr double epsilon = 1e-3;

/// Everything of one batch normalisation in double; mean and variance of the batch, or as they were set.
struct Norm {
  bool relu = false, fixed = false;
  std::vector<double> x = random_values<double>(rows * channels, 1);
  std::vector<double> gamma = random_values<double>(channels, 2, 0.5f, 1.5f);
  std::vector<double> beta = random_values<double>(channels, 3);
  std::vector<double> dy = random_values<double>(rows * channels, 4);
  std::vector<double> mean = random_values<double>(channels, 5), variance = random_values<double>(channels, 6, 0.5f, 2);
  std::vector<double> y = std::vector<double>(rows * channels), scale = std::vector<double>(channels);

  double loss() {
    if (!fixed) {
      reference::column_moments(mean.data(), variance.data(), x.data(), rows, channels);
      for (double& v : variance) v /= rows;
    }
    for (std::size_t c = 0; c < scale.size(); ++c) scale[c] = gamma[c] / std::sqrt(variance[c] + epsilon);
    reference::batch_norm_forward(y.data(), x.data(), mean.data(), scale.data(), beta.data(), relu, rows, channels);
    return weighted_sum(dy, y);
  }

  struct Gradients {
    std::vector<double> dx, dgamma, dbeta;
  };
  Gradients gradients() {
    loss();
    Gradients g{std::vector<double>(x.size(), 7), std::vector<double>(channels), std::vector<double>(channels)};
    std::vector<double> slope(channels), offset(channels);
    reference::batch_norm_sums(g.dbeta.data(), g.dgamma.data(), y.data(), x.data(), dy.data(), mean.data(), relu, rows,
                               channels);
    for (std::size_t c = 0; c < channels; ++c) {
      const double spread = variance[c] + epsilon;
      slope[c] = fixed ? 0 : scale[c] * g.dgamma[c] / (rows * spread);
      offset[c] = fixed ? 0 : scale[c] * g.dbeta[c] / rows;
      g.dgamma[c] /= std::sqrt(spread);
    }
    reference::batch_norm_backward(g.dx.data(), y.data(), x.data(), dy.data(), mean.data(), scale.data(), slope.data(),
                                   offset.data(), relu, rows, channels);
    return g;
  }

  /// Moves values away from the rectifier's kink, by far more than a step.
  void avoid_kinks() {
    loss();
    for (const double value : y) REQUIRE(std::abs(value) > 1e-3);
  }
};

} // namespace

TEST_CASE("batch_norm: backward is the derivative of forward, by x, gamma and beta") {
  for (const bool fixed : {false, true}) {
    CAPTURE(fixed);
    Norm norm{.fixed = fixed};
    const auto [dx, dgamma, dbeta] = norm.gradients();
    const auto loss = [&] { return norm.loss(); };
    CHECK(is_derivative(dx, norm.x, 1e-5, loss));
    CHECK(is_derivative(dgamma, norm.gamma, 0.25, loss));
    CHECK(is_derivative(dbeta, norm.beta, 0.25, loss));
  }
}

TEST_CASE("batch_norm: with a rectifier behind it, backward is the derivative as well") {
  Norm norm{.relu = true};
  norm.relu = false;
  norm.avoid_kinks();
  norm.relu = true;
  const auto [dx, dgamma, dbeta] = norm.gradients();
  const auto loss = [&] { return norm.loss(); };
  CHECK(is_derivative(dx, norm.x, 1e-6, loss));
  CHECK(is_derivative(dgamma, norm.gamma, 1e-5, loss));
  CHECK(is_derivative(dbeta, norm.beta, 1e-5, loss));
}

TEST_CASE("batch_norm: every channel comes out with mean beta and deviation gamma") {
  Norm norm;
  norm.loss();
  for (std::size_t c = 0; c < channels; ++c) {
    double sum = 0, squares = 0;
    for (std::size_t m = 0; m < rows; ++m) sum += norm.y[m * channels + c];
    for (std::size_t m = 0; m < rows; ++m) squares += std::pow(norm.y[m * channels + c] - sum / rows, 2);
    CHECK(sum / rows == Approx(norm.beta[c]));
    CHECK(std::sqrt(squares / rows) ==
          Approx(norm.gamma[c] * std::sqrt(norm.variance[c] / (norm.variance[c] + epsilon))));
  }
}
