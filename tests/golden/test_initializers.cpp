// SPDX-License-Identifier: Apache-2.0
#include "mien/nn/initializer.hpp"
#include "tests/golden/fixture.hpp"

#include <algorithm>
#include <cmath>

using namespace mien;
using namespace mien::test;

namespace {

/// What make_fixtures.py's initializers() keeps of each initialiser and shape.
struct Moments {
  double fan_in, fan_out, count, mean, deviation, least, largest;
};

Moments of(std::span<const float> values, const Moments& keras) {
  Moments moments{keras.fan_in, keras.fan_out, static_cast<double>(values.size()), 0, 0, 0, 0};
  for (const float value : values) moments.mean += value / moments.count;
  for (const float value : values) moments.deviation += std::pow(value - moments.mean, 2) / moments.count;
  moments.deviation = std::sqrt(moments.deviation);
  moments.least = *std::ranges::min_element(values);
  moments.largest = *std::ranges::max_element(values);
  return moments;
}

} // namespace

TEST_CASE("golden: every initialiser draws from the distribution that Keras draws from") {
  const Fixture fixture("initializers");
  for (const char* name :
       {"glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform", "lecun_normal"}) {
    for (const char* layer : {"conv2d", "dense"}) {
      CAPTURE(name, layer);
      const auto row = fixture[std::string(name) + "/" + layer];
      REQUIRE(row.size() == 7);
      const Moments keras{row[0], row[1], row[2], row[3], row[4], row[5], row[6]};
      Tensor w(Shape{static_cast<std::int64_t>(keras.count)});
      initialize(w, initializer_named(name), static_cast<std::int64_t>(keras.fan_in),
                 static_cast<std::int64_t>(keras.fan_out), Rng(1, Purpose::test));
      const Moments mien = of(w.view<float>().span(), keras);
      const double error = keras.deviation / std::sqrt(keras.count); // of a mean of so many draws; Keras's has it too
      CHECK(std::abs(mien.mean) < 5 * error);
      CHECK(std::abs(mien.deviation - keras.deviation) < 5 * error);
      // the ends: both distributions have edges, which so many draws all but reach
      CHECK(mien.least == Approx(keras.least).epsilon(0.005));
      CHECK(mien.largest == Approx(keras.largest).epsilon(0.005));
    }
  }
}
