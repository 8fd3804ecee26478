// SPDX-License-Identifier: Apache-2.0
// Two models on the same pictures: whether one is better, or only luckier.
#pragma once

#include "mien/train/answers.hpp"
#include "mien/train/metrics.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mien {

/// How much higher a figure of the second model is.
struct Difference {
  double value = 0;
  Interval ci95{};
};

/// Two models' answers to the same pictures.
struct Comparison {
  std::int64_t n = 0;                                         ///< pictures
  std::int64_t both = 0, only_a = 0, only_b = 0, neither = 0; ///< who named them rightly
  double p = 1;                                               ///< mcnemar(only_a, only_b)
  Figures<double> a{}, b{};
  Figures<Difference> difference{}; ///< b's less a's
};

/// How likely it is that two equally good models differ by at least so much on the pictures that just one of them
/// names rightly.
///
///   p = min(1, 2 sum of binomial(k; only_a + only_b, 1/2) over k <= min(only_a, only_b)); 1 if there is none
///
/// Source: McNemar 1947, in its exact form; statsmodels' mcnemar(exact=True).
[[nodiscard]] double mcnemar(std::int64_t only_a, std::int64_t only_b) noexcept;

/// Compares answers to the same pictures, in the same order, under the same labels.
///
/// Intervals are percentiles of a paired bootstrap: every resample draws the same pictures (or `groups` of copies) for
/// both, so that what makes a picture hard for both does not blur the difference. Throws Error as evaluate() does, and
/// if the truths differ. Source: Efron and Tibshirani 1993.
[[nodiscard]] Comparison compare(const Answers& a, const Answers& b, const IntervalOptions& options = {});

/// The comparison as a person reads it: both models' figures, their differences, and a sentence on what these are
/// worth.
[[nodiscard]] std::string comparison_text(const Comparison& comparison, std::string_view a, std::string_view b);

/// {"n", "both", "only_a", "only_b", "neither", "mcnemar_p", "a": {figure}, "b": {figure}, "difference": {figure: [b -
/// a, low, high]}}
[[nodiscard]] std::string to_json(const Comparison& comparison);

} // namespace mien
