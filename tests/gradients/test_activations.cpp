// SPDX-License-Identifier: Apache-2.0
// LeakyReLU and SiLU.
#include "mien/reference/leaky_relu.hpp"
#include "mien/reference/silu.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/derivative.hpp"
#include "tests/support/random.hpp"

#include <cmath>
#include <limits>

using namespace mien;
using namespace mien::test;

TEST_CASE("leaky_relu: backward is the derivative of forward, away from zero") {
  for (const double slope : {0.0, 0.3, 1.5}) {
    CAPTURE(slope);
    auto x = random_values<double>(50, 1);
    for (double& value : x) value += value < 0 ? -0.5 : 0.5; // further from the kink than the step
    std::vector<double> y(x.size());
    const auto dy = random_values<double>(50, 2);
    const auto loss = [&] {
      reference::leaky_relu_forward(y.data(), x.data(), 50, slope);
      return weighted_sum(dy, y);
    };
    loss();
    std::vector<double> dx(x.size(), 7);
    reference::leaky_relu_backward(dx.data(), y.data(), dy.data(), 50, slope);
    CHECK(is_derivative(dx, x, 0.25, loss));
  }
}

TEST_CASE("leaky_relu: at zero the derivative is the slope, and a NaN stays a NaN") {
  const std::vector<float> x{0, -8, 2, std::numeric_limits<float>::quiet_NaN()}, dy{4, 4, 4};
  std::vector<float> y(4), dx(3);
  reference::leaky_relu_forward(y.data(), x.data(), 4, 0.25f);
  reference::leaky_relu_backward(dx.data(), y.data(), dy.data(), 3, 0.25f);
  CHECK((y[0] == 0 && y[1] == -2 && y[2] == 2 && std::isnan(y[3])));
  CHECK(dx == std::vector<float>{1, 1, 4});
}

TEST_CASE("silu: backward is the derivative of forward") {
  auto x = random_values<double>(50, 1, -6, 6);
  x[0] = 0;
  std::vector<double> y(x.size());
  const auto dy = random_values<double>(50, 2, 1, 2);
  const auto loss = [&] {
    reference::silu_forward(y.data(), x.data(), 50);
    return weighted_sum(dy, y);
  };
  std::vector<double> dx(x.size(), 7);
  reference::silu_backward(dx.data(), x.data(), dy.data(), 50);
  CHECK(is_derivative(dx, x, 1e-4, loss));
}

TEST_CASE("silu: known values, and far from zero it is x or nothing") {
  const std::vector<double> x{0, 1, -1, 1000, -1000, std::numeric_limits<double>::quiet_NaN()};
  std::vector<double> y(6), dx(6);
  reference::silu_forward(y.data(), x.data(), 6);
  CHECK(y[0] == 0);
  CHECK(y[1] == Approx(0.731058578630004879).epsilon(1e-15));
  CHECK(y[2] == Approx(-0.268941421369995121).epsilon(1e-15));
  CHECK((y[3] == 1000 && y[4] == 0 && std::isnan(y[5])));
  const std::vector<double> dy(6, 2);
  reference::silu_backward(dx.data(), x.data(), dy.data(), 6);
  CHECK((dx[0] == 1 && dx[3] == 2 && dx[4] == 0 && std::isnan(dx[5])));
}
