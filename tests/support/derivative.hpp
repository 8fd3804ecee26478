// SPDX-License-Identifier: Apache-2.0
// Derivatives by central differences: what every backward function is held against.
#pragma once

#include "tests/support/close.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <sstream>
#include <vector>

namespace mien::test {

/// The largest relative error that a derivative may have.
inline constexpr double derivative_tolerance = 1e-6;

/// Whether `dx` is the derivative by each element of `x` of the number that `loss()` returns.
///
///   |dx[i] - (loss(x[i] + step) - loss(x[i] - step)) / (2 step)| <= 1e-6 |dx[i]|
///
/// `loss` reads `x`, which is changed one element at a time and changed back. A loss that is linear in each element
/// takes any step; a large one loses no digits. A derivative of exactly 0 must show no difference at all.
template <class Loss>
[[nodiscard]] Closeness is_derivative(const std::vector<double>& dx, std::vector<double>& x, double step, Loss loss) {
  std::ostringstream why;
  why.precision(12);
  if (dx.size() != x.size() || x.empty()) return Closeness("dx and x differ in length, or are empty");
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double at = x[i];
    x[i] = at + step;
    const double above = loss();
    x[i] = at - step;
    const double below = loss();
    x[i] = at;
    const double slope = (above - below) / (2 * step);
    if (std::abs(dx[i] - slope) <= derivative_tolerance * std::abs(dx[i])) continue; // false for a NaN
    if (wrong++ < 5) why << "[" << i << "] is " << dx[i] << ", the slope is " << slope << "; ";
  }
  if (wrong > 0) why << wrong << " of " << x.size() << " wrong";
  return Closeness(why.str());
}

/// sum over i of dy[i] y[i]: a loss whose derivative by y is dy.
[[nodiscard]] inline double weighted_sum(const std::vector<double>& dy, const std::vector<double>& y) {
  double sum = 0;
  for (std::size_t i = 0; i < y.size(); ++i) sum += dy[i] * y[i];
  return sum;
}

} // namespace mien::test
