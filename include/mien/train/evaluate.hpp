// SPDX-License-Identifier: Apache-2.0
// A classifier measured on a data set.
#pragma once

#include "mien/data/dataset.hpp"
#include "mien/nn/classifier.hpp"
#include "mien/train/metrics.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace mien {

struct EvaluateOptions {
  std::int64_t batch = 32;
  int threads = 1;
  std::optional<double> abstain{}; ///< answers with a lower highest probability are counted as not given
  std::uint64_t seed = 1;          ///< of the intervals
  std::function<void(std::size_t done, std::size_t all)> progress{}; ///< called after every batch
};

/// Runs the classifier on every picture and measures its answers; labels are matched by name. If the model file says
/// which pictures it has learnt from, the others are measured by themselves as well: Evaluation::unseen.
///
/// Throws Error if the data set has a class that the model lacks, pictures of another size, or no picture.
[[nodiscard]] Evaluation evaluate(const Classifier& classifier, const Dataset& data,
                                  const EvaluateOptions& options = {});

} // namespace mien
