// SPDX-License-Identifier: Apache-2.0
#include "tests/support/catch.hpp"
#include "tests/support/guarded.hpp"
#include "tests/support/random.hpp"

#include <algorithm>
#include <cmath>

using namespace mien::test;

TEST_CASE("guarded: the array lies where it was asked to, with the values it was given") {
  const auto values = random_values(7, 1);
  for (std::size_t misalignment = 0; misalignment < 4; ++misalignment) {
    Guarded<float> array(values, misalignment);
    CHECK(reinterpret_cast<std::uintptr_t>(array.data()) % 64 == misalignment * sizeof(float));
    CHECK(std::equal(values.begin(), values.end(), array.data()));
    CHECK(array.intact());
  }
}

TEST_CASE("guarded: writing inside is free") {
  Guarded<float> array(5, 0.0f, 1);
  std::fill_n(array.data(), 5, 1.0f);
  CHECK(array.intact());
}

#ifndef MIEN_TEST_ASAN // which stops at the write itself
TEST_CASE("guarded: one element written on either side is found, and a canary read is a NaN") {
  for (const std::ptrdiff_t at : {-1, 5}) {
    Guarded<float> array(5, 0.0f, 3);
    CHECK(std::isnan(array.data()[at]));
    array.data()[at] = 0;
    CHECK_FALSE(array.intact());
  }
}
#endif

TEST_CASE("random: distinct values are a shuffle of evenly spaced ones") {
  auto values = distinct_values(101, 1, 0.5);
  CHECK_FALSE(std::is_sorted(values.begin(), values.end()));
  std::sort(values.begin(), values.end());
  for (std::size_t i = 1; i < values.size(); ++i) CHECK(values[i] - values[i - 1] == 0.5);
}
