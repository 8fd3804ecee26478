// SPDX-License-Identifier: Apache-2.0
#include "mien/core/math.hpp"
#include "tests/support/catch.hpp"

#include <cmath>
#include <limits>
#include <numbers>

using namespace mien;

TEST_CASE("math: exp and log agree with libm to a few units in the last place") {
  for (double x = -700; x <= 700; x += 0.37) {
    CHECK(math::exp(x) == Approx(std::exp(x)).epsilon(1e-15));
    CHECK(math::log(std::exp(x)) == Approx(std::log(std::exp(x))).epsilon(1e-15).margin(1e-15));
  }
  CHECK(math::exp(0.0) == 1.0);
  CHECK(math::exp(-1000.0) == 0.0);
  CHECK(std::isinf(math::exp(1000.0)));
  CHECK(std::isnan(math::exp(std::numeric_limits<double>::quiet_NaN())));
  CHECK(math::log(1.0) == 0.0);
  CHECK(std::isinf(math::log(0.0)));
  CHECK(std::isnan(math::log(-1.0)));
}

TEST_CASE("math: sine and cosine in turns") {
  constexpr double two_pi = 6.283185307179586;
  for (double t = -3; t <= 3; t += 0.00731) {
    CHECK(math::sin_turns(t) == Approx(std::sin(two_pi * t)).margin(4e-15));
    CHECK(math::cos_turns(t) == Approx(std::cos(two_pi * t)).margin(4e-15));
  }
  CHECK(math::sin_turns(0.0) == 0.0);
  CHECK(math::cos_turns(0.0) == 1.0);
}

TEST_CASE("math: the direction of a vector in turns") {
  for (int i = -180; i <= 180; ++i) {
    const double angle = i * std::numbers::pi / 180;
    for (const double length : {1e-200, 1.0, 3e150}) {
      const double x = length * std::cos(angle), y = length * std::sin(angle);
      CHECK(std::abs(math::turns_of(x, y) - std::atan2(y, x) / (2 * std::numbers::pi)) < 1e-15);
    }
  }
  CHECK(math::turns_of(0, 0) == 0);
  CHECK(math::turns_of(5, 0) == 0);
  CHECK(math::turns_of(0, -2) == -0.25);
}

TEST_CASE("math: whole powers") {
  CHECK(math::pow(0.9, 0) == 1.0);
  CHECK(math::pow(2, 10) == 1024.0);
  CHECK(math::pow(2, -2) == 0.25);
  CHECK(math::pow(0.999, 12345) == Approx(std::pow(0.999, 12345)).epsilon(1e-12));
}
