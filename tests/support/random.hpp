// SPDX-License-Identifier: Apache-2.0
// Arrays of random numbers, the same on every machine.
#pragma once

#include "mien/core/rng.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace mien::test {

/// `count` numbers from [low, high) that floats hold exactly, so that float and double see the same ones.
template <class T = float>
[[nodiscard]] std::vector<T> random_values(std::int64_t count, std::uint64_t seed, float low = -1, float high = 1) {
  Rng rng(seed, Purpose::test);
  std::vector<T> values(static_cast<std::size_t>(count));
  for (T& value : values) value = static_cast<T>(rng.uniform(low, high));
  return values;
}

/// `count` labels from [0, classes).
[[nodiscard]] inline std::vector<std::int32_t> random_labels(std::int64_t count, std::int64_t classes,
                                                             std::uint64_t seed) {
  Rng rng(seed, Purpose::test);
  std::vector<std::int32_t> labels(static_cast<std::size_t>(count));
  for (auto& label : labels) label = static_cast<std::int32_t>(rng.below(static_cast<std::uint32_t>(classes)));
  return labels;
}

/// `count` numbers in a random order of which any two are at least `gap` apart: no window has two equal maxima.
template <class T = double>
[[nodiscard]] std::vector<T> distinct_values(std::int64_t count, std::uint64_t seed, double gap) {
  Rng rng(seed, Purpose::test);
  std::vector<T> values(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<T>((static_cast<double>(i) - static_cast<double>(count) / 2) * gap);
    std::swap(values[i], values[rng.below(static_cast<std::uint32_t>(i + 1))]);
  }
  return values;
}

/// The same numbers in double.
[[nodiscard]] inline std::vector<double> widened(std::span<const float> values) {
  return {values.begin(), values.end()};
}

/// The magnitudes of the same numbers, in double.
template <class T> [[nodiscard]] std::vector<double> magnitudes(const std::vector<T>& values) {
  std::vector<double> result;
  for (const T& value : values) result.push_back(std::abs(static_cast<double>(value)));
  return result;
}

} // namespace mien::test
