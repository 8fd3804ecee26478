// SPDX-License-Identifier: Apache-2.0
// What a classifier says about every picture of a data set.
#pragma once

#include "mien/train/evaluate.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mien {

/// For n pictures, in their order; labels are the classifier's.
struct Answers {
  std::vector<std::int32_t> truth; ///< n places among the labels
  Tensor probabilities;            ///< (n, labels)

  /// The probabilities that picture i got.
  [[nodiscard]] std::span<const float> row(std::size_t i) const {
    const auto labels = static_cast<std::size_t>(probabilities.shape()[1]);
    return probabilities.view<float>().span().subspan(i * labels, labels);
  }
};

/// Runs the classifier on every picture. Throws Error as evaluate() does.
[[nodiscard]] Answers answers(const Classifier& classifier, const Dataset& data, const EvaluateOptions& options);

/// The same answers under the labels in another order. Throws Error unless both have the same labels.
[[nodiscard]] Answers reordered(const Answers& answers, std::span<const std::string> from,
                                std::span<const std::string> to);

/// The answers on some of the pictures, in this order. Indices are below n.
[[nodiscard]] Answers some_of(const Answers& answers, std::span<const std::size_t> pictures);

/// The intervals' groups of some of the pictures, in this order.
[[nodiscard]] IntervalOptions some_of(const IntervalOptions& intervals, std::span<const std::size_t> pictures);

/// Measures answers that are there already, as evaluate() of a classifier does. Throws Error as that does.
[[nodiscard]] Evaluation evaluate(const Answers& answers, const Classifier& classifier, const Dataset& data,
                                  const EvaluateOptions& options);

/// For each label of the data, the model's label of the same name. Throws Error if the model lacks one.
[[nodiscard]] std::vector<std::int32_t> labels_of(const Classifier& classifier, const Dataset& data);

/// Which pictures of the data are not in a set, in rising order.
[[nodiscard]] std::vector<std::size_t> pictures_beyond(const PictureSet& seen, const Dataset& data);

} // namespace mien
