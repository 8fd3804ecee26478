// SPDX-License-Identifier: Apache-2.0
// What a classifier says about every picture of a data set.
#pragma once

#include "mien/train/evaluate.hpp"

#include <cstdint>
#include <vector>

namespace mien {

/// For n pictures, in their order; labels are the classifier's.
struct Answers {
  std::vector<std::int32_t> truth;
  Tensor probabilities; // (n, labels)
};

/// Runs the classifier on every picture. Throws Error as evaluate() does.
[[nodiscard]] Answers answers(const Classifier& classifier, const Dataset& data, const EvaluateOptions& options);

} // namespace mien
