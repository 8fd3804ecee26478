// SPDX-License-Identifier: Apache-2.0
// Which labels are probably wrong, by what a model says that has not learnt from them.
#pragma once

#include "mien/train/answers.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mien {

/// A picture whose label is probably wrong.
struct LabelError {
  std::size_t picture = 0;    ///< its place among the answers
  std::int32_t given = 0;     ///< its label
  std::int32_t suggested = 0; ///< the most probable one
  double margin = 0;          ///< p[given] - p[suggested], from -1: surely wrong, to 0
};

/// What confident learning finds in labels.
struct LabelErrors {
  std::vector<double> thresholds;  ///< a class; 2, which nothing reaches, where none of the pictures has it
  std::vector<std::int64_t> joint; ///< classes x classes: pictures by given label (row) and confident class (column)
  std::vector<LabelError> errors;  ///< the most probable first
};

/// Finds probable label errors by confident learning, and ranks them.
///
///   t[j]      = mean of p[j] over the pictures labelled j
///   confident = the classes j with p[j] >= t[j] - 1e-6: if there is one, it; if there are more, the most probable
///   class;
///               if there are none, the picture is not counted
///   joint     = pictures by given label and confident class (its diagonal as counted: not raised to 1, not calibrated)
///   errors    = pictures off the diagonal whose most probable class is not their label, by more than 1e-6
///   margin    = p[given] - max of p over the other classes
///
/// Errors come by rising margin, equal ones in the order of the pictures. These are the indices of cleanlab 2.9's
/// find_label_issues(filter_by="confident_learning", return_indices_ranked_by="normalized_margin"), whose score is
/// (margin + 1) / 2. A `t` says how sure the model is of a class it knows less well, so that it needs less to suggest
/// it.
///
/// The answers must be those of models that have not learnt from these pictures: out of fold, as `mien train --folds`
/// gives them; a model that has learnt a wrong label repeats it. What is found is a list for a person to look through,
/// never one to correct by. Throws Error as evaluate() does, or if there is one class only.
/// Sources: Northcutt, Jiang and Chuang 2021, "Confident learning: estimating uncertainty in dataset labels".
[[nodiscard]] LabelErrors find_label_errors(const Answers& answers);

} // namespace mien
