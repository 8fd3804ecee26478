// SPDX-License-Identifier: Apache-2.0
// What single answers come to, and how chance moves figures: shared by evaluation and comparison.
#pragma once

#include "mien/train/answers.hpp"
#include "mien/train/metrics.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mien {

/// What the figures need to know of a picture: its cell of the confusion matrix and its loss.
struct Outcome {
  std::size_t cell;
  double loss;
};

/// Rows, columns and diagonal of the confusion matrix for one class.
struct Tally {
  std::int64_t right = 0, support = 0, answered = 0;
};

[[nodiscard]] Tally tally(std::span<const std::int64_t> confusion, std::size_t classes, std::size_t c);
[[nodiscard]] ClassFigures class_figures(const Tally& tally);
[[nodiscard]] Figures<double> figures(std::span<const std::int64_t> confusion, std::size_t classes, double loss_sum);

/// What came of picture i; there are as many probabilities as there are pictures times classes.
[[nodiscard]] Outcome outcome(std::size_t i, std::span<const std::int32_t> truth, View<const float> probabilities);
/// What came of every picture. Throws Error as evaluate() does.
[[nodiscard]] std::vector<Outcome> outcomes(std::span<const std::int32_t> truth, View<const float> probabilities,
                                            std::size_t classes);
void expect_as_many(std::size_t n, std::size_t classes, View<const float> probabilities);
void expect_sound(const IntervalOptions& options, std::size_t n);

/// The pictures that come and go together, in the order of the groups' first pictures.
[[nodiscard]] std::vector<std::vector<std::size_t>> members(std::span<const std::size_t> groups, std::size_t n);
/// The 2.5 % and 97.5 % points, between neighbours in proportion.
[[nodiscard]] Interval middle_95(std::vector<double> values);

/// The highest probability of an answer, and whether it is right.
struct Sureness {
  double confidence;
  bool right;
};

/// Of every answer, the surest first; of equals the earlier picture. Throws Error as reliability() does.
[[nodiscard]] std::vector<Sureness> surest_first(const Answers& answers);

} // namespace mien
