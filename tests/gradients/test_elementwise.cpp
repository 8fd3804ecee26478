// SPDX-License-Identifier: Apache-2.0
// ReLU and dropout.
#include "mien/core/rng.hpp"
#include "mien/reference/dropout.hpp"
#include "mien/reference/relu.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/derivative.hpp"
#include "tests/support/random.hpp"

#include <cmath>
#include <limits>

using namespace mien;
using namespace mien::test;

TEST_CASE("relu: backward is the derivative of forward, away from zero") {
  auto x = random_values<double>(50, 1);
  for (double& value : x) value += value < 0 ? -0.5 : 0.5; // further from the kink than the step
  std::vector<double> y(x.size());
  const auto dy = random_values<double>(50, 2);
  const auto loss = [&] {
    reference::relu_forward(y.data(), x.data(), 50);
    return weighted_sum(dy, y);
  };
  loss();
  std::vector<double> dx(x.size(), 7);
  reference::relu_backward(dx.data(), y.data(), dy.data(), 50);
  CHECK(is_derivative(dx, x, 0.25, loss));
}

TEST_CASE("relu: at zero the derivative is zero, and a NaN stays a NaN") {
  const std::vector<float> x{0, -1, 2, std::numeric_limits<float>::quiet_NaN()}, dy{5, 5, 5, 5};
  std::vector<float> y(4), dx(4);
  reference::relu_forward(y.data(), x.data(), 4);
  reference::relu_backward(dx.data(), y.data(), dy.data(), 3);
  CHECK((y[0] == 0 && y[1] == 0 && y[2] == 2 && std::isnan(y[3])));
  CHECK(dx == std::vector<float>{0, 0, 5, 0});
}

TEST_CASE("dropout: backward is the derivative of forward, through the same mask") {
  const Rng draws(1, of_layer(Purpose::dropout, 2), 3, 4);
  auto x = random_values<double>(50, 1);
  std::vector<double> y(x.size());
  const auto dy = random_values<double>(50, 2);
  const auto loss = [&] {
    reference::dropout_forward(y.data(), x.data(), 50, 0.4f, draws.key(), draws.counter());
    return weighted_sum(dy, y);
  };
  std::vector<double> dx(x.size(), 7);
  reference::dropout_backward(dx.data(), dy.data(), 50, 0.4f, draws.key(), draws.counter());
  CHECK(is_derivative(dx, x, 0.5, loss));
}

TEST_CASE("dropout: the mask is the stream's uniform draws, one an element") {
  Rng draws(5, of_layer(Purpose::dropout, 1), 6, 7);
  const PhiloxKey key = draws.key();
  const PhiloxCounter counter = draws.counter();
  const std::vector<float> x(23, 1.0f);
  std::vector<float> y(23);
  reference::dropout_forward(y.data(), x.data(), 23, 0.25f, key, counter);
  for (const float value : y) CHECK(value == (draws.uniform() >= 0.25f ? 1 / 0.75f : 0.0f));
}

TEST_CASE("dropout: the rate's share is dropped, the mean stays, and no two streams drop the same") {
  constexpr std::int64_t n = 100'000;
  const std::vector<double> ones(n, 1.0);
  const auto dropped = [&](std::uint32_t layer, std::uint32_t epoch, std::uint32_t sample) {
    const Rng draws(1, of_layer(Purpose::dropout, layer), epoch, sample);
    std::vector<double> y(n);
    reference::dropout_forward(y.data(), ones.data(), n, 0.1f, draws.key(), draws.counter());
    return y;
  };
  const auto y = dropped(3, 0, 0);
  std::int64_t kept = 0;
  double sum = 0;
  for (const double value : y) {
    kept += value != 0;
    sum += value;
  }
  const double deviation = std::sqrt(0.1 * 0.9 / n);
  CHECK(std::abs(static_cast<double>(kept) / n - 0.9) < 5 * deviation);
  CHECK(std::abs(sum / n - 1) < 5 * deviation / 0.9);
  CHECK(dropped(3, 0, 0) == y);
  CHECK(dropped(4, 0, 0) != y);
  CHECK(dropped(3, 1, 0) != y);
  CHECK(dropped(3, 0, 1) != y);
}

TEST_CASE("dropout: a draw that equals the rate keeps its element") {
  Rng draws(1, Purpose::dropout);
  const float rate = draws.uniform(), one = 1;
  float y = 0;
  reference::dropout_forward(&y, &one, 1, rate, draws.key(), Rng(1, Purpose::dropout).counter());
  CHECK(y == 1 / (1 - rate));
}

TEST_CASE("dropout: a rate of zero changes nothing") {
  const auto x = random_values<float>(9, 1);
  std::vector<float> y(9);
  reference::dropout_forward(y.data(), x.data(), 9, 0.0f, {}, {});
  CHECK(y == x);
}
