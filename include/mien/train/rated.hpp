// SPDX-License-Identifier: Apache-2.0
// A second truth: what several raters named.
#pragma once

#include "mien/data/votes.hpp"
#include "mien/train/answers.hpp"

#include <optional>
#include <string>

namespace mien {

/// Answers measured against raters' votes instead of the labels.
struct RatedEvaluation {
  std::optional<Evaluation> plurality{}; ///< where one class has the most votes; none: nowhere
  std::optional<Evaluation> majority{};  ///< where more than half of the votes name one class
  double label_agreement = 0;            ///< share of the plurality's pictures whose own label is the same
  std::size_t pictures = 0;
  std::size_t without_votes = 0, no_class = 0, ties = 0; ///< as in Ratings
};

/// Measures answers on the pictures that the raters name, against what they name. Throws Error as evaluate() does, and
/// of packed pictures.
[[nodiscard]] RatedEvaluation evaluate_rated(const Answers& answers, const Classifier& classifier, const Dataset& data,
                                             const Ratings& ratings, const EvaluateOptions& options);

/// As a person reads it: a line for each truth, on all pictures and on those that the model has not learnt from.
[[nodiscard]] std::string rated_text(const RatedEvaluation& rated);

/// As one JSON object: `plurality, majority` (as to_json of an Evaluation; null: none), `label_agreement, pictures,
/// without_votes, no_class, ties`.
[[nodiscard]] std::string to_json(const RatedEvaluation& rated);

} // namespace mien
