// SPDX-License-Identifier: Apache-2.0
#include "tests/support/catch.hpp"
#include "tests/support/derivative.hpp"

#include <limits>

using namespace mien::test;

TEST_CASE("derivative: the right one is accepted; a wrong, missing or invalid one is not") {
  std::vector<double> x{1, -2, 3};
  const auto loss = [&x] { return x[0] * x[1] + 5 * x[2] * x[2]; };
  CHECK(is_derivative({-2, 1, 30}, x, 1e-3, loss));
  CHECK(x == std::vector<double>{1, -2, 3});
  CHECK_FALSE(is_derivative({0, 0, 0}, x, 1e-3, loss));
  CHECK_FALSE(is_derivative({2, 1, 30}, x, 1e-3, loss));
  CHECK_FALSE(is_derivative({1, 30, -2}, x, 1e-3, loss));
  CHECK_FALSE(is_derivative({-2, 1, 30.0001}, x, 1e-3, loss));
  CHECK_FALSE(is_derivative({-2, std::numeric_limits<double>::quiet_NaN(), 30}, x, 1e-3, loss));
  CHECK_FALSE(is_derivative({-2, 1}, x, 1e-3, loss));
}
