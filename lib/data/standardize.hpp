// SPDX-License-Identifier: Apache-2.0
// Mean 0 and deviation 1 for one picture, from exact sums: the same bits on every machine, in any order.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace mien {

/// Values are counted in units of 1/256 of a level, so that pictures between the bytes have whole numbers, too.
inline constexpr int level_units = 256;

/// What is taken from every value, and what the difference is multiplied by.
struct Standard {
  float mean = 0, factor = 1;
  [[nodiscard]] float operator()(std::int32_t value) const noexcept {
    return (static_cast<float>(value) - mean) * factor;
  }
};

/// From the sums of `n` values in [0, 255 level_units] and of their squares. A deviation below one level counts as one:
/// such a picture shows how it was rounded, and must not be blown up. Whole numbers stay below 2^63 for n < 2^30.
inline Standard standard_of(std::int64_t sum, std::int64_t squares, std::int64_t n) noexcept {
  const std::int64_t mean = sum / n, rest = sum % n; // the mean is mean + rest / n
  const std::int64_t around = squares - n * mean * mean - 2 * mean * rest;
  const double share = static_cast<double>(rest) / static_cast<double>(n);
  const double variance = static_cast<double>(around) / static_cast<double>(n) - share * share;
  const double deviation = std::max(std::sqrt(std::max(variance, 0.0)), static_cast<double>(level_units));
  return {static_cast<float>(static_cast<double>(mean) + share), static_cast<float>(1 / deviation)};
}

/// y = (x - mean) / max(deviation, one level), of bytes.
inline void standardize(float* y, const std::uint8_t* x, std::size_t n) noexcept {
  std::int64_t sum = 0, squares = 0;
  constexpr std::size_t block = 1 << 16; // 65536 * 255^2 fits into 32 bits, and vectors of these are twice as many
  for (std::size_t begin = 0; begin < n; begin += block) {
    std::uint32_t part = 0, part_squares = 0;
    for (std::size_t i = begin; i < std::min(n, begin + block); ++i) {
      const std::uint32_t value = x[i];
      part += value;
      part_squares += value * value;
    }
    sum += part;
    squares += part_squares;
  }
  const Standard standard =
      standard_of(level_units * sum, std::int64_t{level_units} * level_units * squares, static_cast<std::int64_t>(n));
  for (std::size_t i = 0; i < n; ++i) y[i] = standard(level_units * x[i]);
}

/// The same where y holds whole numbers of 1/256 level already.
inline void standardize(float* y, std::size_t n) noexcept {
  std::int64_t sum = 0, squares = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto value = static_cast<std::int32_t>(y[i]);
    sum += value;
    squares += std::int64_t{value} * value;
  }
  const Standard standard = standard_of(sum, squares, static_cast<std::int64_t>(n));
  for (std::size_t i = 0; i < n; ++i) y[i] = standard(static_cast<std::int32_t>(y[i]));
}

} // namespace mien
