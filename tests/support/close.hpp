// SPDX-License-Identifier: Apache-2.0
// The one way in which the tests compare computed arrays.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <ostream>
#include <span>
#include <sstream>
#include <string>
#include <vector>

namespace mien::test {

inline constexpr double float_epsilon = 0x1p-24;  ///< what rounding a float costs, relatively
inline constexpr double double_epsilon = 0x1p-53; ///< and a double

/// How far a result may be off: |actual - expected| <= c * epsilon * magnitude, for each element.
///
/// The magnitude of an element is the sum of the magnitudes of the terms that make it up: the operation run in
/// double on the absolute values of its inputs. It bounds what rounding can do, whatever the terms cancel to.
struct Bound {
  double c = 1;
  double epsilon = float_epsilon;
};

/// What a comparison found; true, or the reason why not, which Catch prints: `CHECK(close(...))`.
class Closeness {
public:
  Closeness() = default;
  explicit Closeness(std::string why) : why_(std::move(why)) {}
  explicit operator bool() const noexcept { return why_.empty(); }
  [[nodiscard]] const std::string& why() const noexcept { return why_; }
  friend std::ostream& operator<<(std::ostream& out, const Closeness& c) { return out << (c ? "close" : c.why_); }

private:
  std::string why_;
};

/// Whether two arrays are equal within the bound.
///
/// A NaN or an infinity is close to nothing. Arrays of different lengths are not close, nor are empty ones. A
/// comparison that an array of zeros would pass as well fails, unless zeros are what is expected: it would guard
/// nothing.
template <class T>
[[nodiscard]] Closeness close(std::span<const T> actual, std::span<const double> expected,
                              std::span<const double> magnitudes, Bound bound) {
  std::ostringstream why;
  why.precision(9);
  if (actual.size() != expected.size() || expected.size() != magnitudes.size()) {
    why << "lengths differ: actual " << actual.size() << ", expected " << expected.size() << ", magnitudes "
        << magnitudes.size();
    return Closeness(why.str());
  }
  if (actual.empty()) return Closeness("nothing to compare: the arrays are empty");

  std::size_t wrong = 0;
  bool all_zero = true, zeros_would_pass = true;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const double tolerance = bound.c * bound.epsilon * magnitudes[i];
    const double difference = std::abs(static_cast<double>(actual[i]) - expected[i]);
    all_zero = all_zero && expected[i] == 0;
    zeros_would_pass = zeros_would_pass && std::abs(expected[i]) <= tolerance;
    if (difference <= tolerance && std::isfinite(tolerance)) continue; // false for a NaN
    if (wrong++ < 5) {
      why << "[" << i << "] is " << actual[i] << ", expected " << expected[i] << " within " << tolerance << "; ";
    }
  }
  if (wrong > 0) {
    why << wrong << " of " << actual.size() << " wrong";
    return Closeness(why.str());
  }
  if (zeros_would_pass && !all_zero) return Closeness("the bound is wider than every expected value");
  return {};
}

/// The same where no sum of magnitudes is known: every element has the magnitude of the largest expected one.
template <class T>
[[nodiscard]] Closeness close(std::span<const T> actual, std::span<const double> expected, Bound bound) {
  double largest = 0;
  for (const double value : expected) largest = std::max(largest, std::abs(value));
  return close(actual, expected, std::vector<double>(expected.size(), largest), bound);
}

} // namespace mien::test
