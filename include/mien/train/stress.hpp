// SPDX-License-Identifier: Apache-2.0
// What bad light, blur, turning, small faces and hands before them cost.
#pragma once

#include "mien/train/answers.hpp"
#include "mien/train/compare.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace mien {

/// One way to spoil a picture, and how much.
struct Disturbance {
  std::string kind;  ///< light, blur, rotation, scale or occlusion
  std::string level; ///< `x 0.5`, `20 degrees`, `eyes`
  /// Writes the spoilt picture: i is its place in the data, y and x have the data's extents.
  std::function<void(std::span<std::uint8_t> y, std::span<const std::uint8_t> x, const Dataset& data, std::size_t i)>
      spoil;
};

/// What `mien eval --stress` goes through, from mild to strong.
///
///   light      brightness times 0.25, 0.5, 1.5, 2, cut at white
///   blur       Gaussian of deviation 1/48, 2/48, 3/48 of the width; beyond the edge the nearest pixel counts
///   rotation   by 10, 20, 30 degrees, every other picture the other way
///   scale      shrunk to 2/3, 1/2, 1/3, 1/4 of the width and enlarged again
///   occlusion  the band of the eyes (20 to 45 % of the height), that of the mouth (65 to 95 %), the left and the right
///              half filled with the picture's mean
[[nodiscard]] std::vector<Disturbance> disturbances();

/// The data with every picture spoilt; in memory, even if they were packed.
[[nodiscard]] Dataset disturbed(const Dataset& data, const Disturbance& disturbance, int threads = 1);

/// What a disturbance costs.
struct StressFigures {
  std::string kind, level;
  Comparison against_plain; ///< a: the pictures as they are, b: spoilt
  Interval accuracy_ci{};   ///< Wilson's, of the spoilt
};

/// A model under disturbances.
struct StressEvaluation {
  Figures<double> plain{};
  Interval plain_ci{}; ///< of the accuracy
  std::int64_t n = 0;
  bool unseen_alone = false; ///< whether pictures that the model has learnt from were left out
  std::vector<StressFigures> levels{};
};

/// Measures the model on spoilt copies of the pictures, of those that it has not learnt from if its file tells.
///
/// `plain` are its answers to the data as they are. Every difference is paired: the same pictures, plain and spoilt.
/// Throws Error as evaluate() does. Source of the idea: Hendrycks and Dietterich 2019, "Benchmarking neural network
/// robustness to common corruptions".
[[nodiscard]] StressEvaluation evaluate_stress(const Classifier& classifier, const Dataset& data, const Answers& plain,
                                               const EvaluateOptions& options);

/// As a person reads it: a line a level.
[[nodiscard]] std::string stress_text(const StressEvaluation& stress);

/// As one JSON object: `n, unseen_alone, accuracy, macro_f1, levels`, of these each `kind, level, accuracy, ci95,
/// macro_f1, difference` (of the accuracy, with its interval) and `mcnemar_p`.
[[nodiscard]] std::string to_json(const StressEvaluation& stress);

} // namespace mien
