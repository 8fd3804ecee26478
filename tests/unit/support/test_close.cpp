// SPDX-License-Identifier: Apache-2.0
// The test of the tests: a comparison that accepts nonsense proves nothing.
#include "tests/support/catch.hpp"
#include "tests/support/close.hpp"
#include "tests/support/random.hpp"

#include <algorithm>
#include <limits>

using namespace mien::test;

namespace {

const std::vector<float> values = random_values(100, 1, 0.5f, 1.0f);
const std::vector<double> expected = widened(values);

Closeness compare(std::span<const float> actual, double c = 4) {
  return close(actual, std::span<const double>(expected), std::span<const double>(expected), {.c = c});
}

} // namespace

TEST_CASE("close: equal arrays and arrays off by less than the bound are close") {
  CHECK(compare(values));
  auto nearly = values;
  for (float& value : nearly) value = std::nextafter(value, 2.0f);
  CHECK(compare(nearly));
  CHECK_FALSE(compare(nearly, 0.5));
  CHECK(close(std::span<const float>(nearly), std::span<const double>(expected), Bound{.c = 4}));
}

TEST_CASE("close: zeros, a flipped sign, a shifted and a scaled array are not close") {
  CHECK_FALSE(compare(std::vector<float>(100)));
  auto changed = values;
  changed[57] = -changed[57];
  CHECK_FALSE(compare(changed));
  CHECK(compare(changed).why().find("[57]") == 0);
  changed = values;
  for (float& value : changed) value = -value;
  CHECK_FALSE(compare(changed));
  changed = values;
  std::rotate(changed.begin(), changed.begin() + 1, changed.end());
  CHECK_FALSE(compare(changed));
  changed = values;
  for (float& value : changed) value *= 1.00001f;
  CHECK_FALSE(compare(changed));
}

TEST_CASE("close: one wrong element at either end is found") {
  for (const std::size_t at : {std::size_t{0}, values.size() - 1}) {
    auto changed = values;
    changed[at] += 1e-5f;
    CHECK_FALSE(compare(changed));
  }
}

TEST_CASE("close: NaN and infinity are close to nothing, not even to themselves") {
  for (const float odd : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    auto changed = values;
    changed[3] = odd;
    CHECK_FALSE(compare(changed));
    const std::vector<float> actual{1, odd};
    const std::vector<double> same{1, odd}, ones{1, 1};
    CHECK_FALSE(
        close(std::span<const float>(actual), std::span<const double>(same), std::span<const double>(ones), {}));
    CHECK_FALSE(
        close(std::span<const float>(actual), std::span<const double>(same), std::span<const double>(same), {}));
    CHECK_FALSE(close(std::span<const float>(actual), std::span<const double>(same), Bound{}));
    const std::vector<float> good{1, 1};
    CHECK_FALSE(close(std::span<const float>(good), std::span<const double>(ones), std::span<const double>(same), {}));
  }
}

TEST_CASE("close: arrays of another length and empty arrays are not close") {
  const auto shorter = std::span(values).first(99);
  CHECK_FALSE(compare(shorter));
  auto longer = values;
  longer.push_back(0);
  CHECK_FALSE(compare(longer));
  CHECK_FALSE(close(std::span<const float>(), std::span<const double>(), Bound{}));
}

TEST_CASE("close: a bound that zeros would meet is refused, unless zeros are expected") {
  const std::vector<float> small{1e-9f, -1e-9f};
  const std::vector<double> expected_small = widened(small), ones{1, 1}, zeros{0, 0};
  CHECK_FALSE(
      close(std::span<const float>(small), std::span<const double>(expected_small), std::span<const double>(ones), {}));
  const std::vector<float> nothing{0, 0};
  CHECK(close(std::span<const float>(nothing), std::span<const double>(zeros), std::span<const double>(ones), {}));
}
