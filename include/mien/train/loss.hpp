// SPDX-License-Identifier: Apache-2.0
// What a training makes small.
#pragma once

#include "mien/core/tensor.hpp"
#include "mien/train/options.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mien {

/// Softmax cross-entropy of a batch, towards labels or towards what smoothing and class weights make of them.
class TrainingLoss {
public:
  /// `counts`: the training pictures of each class. Allocates what a batch needs.
  /// `soft`: whether there are shares instead of labels.
  TrainingLoss(const TrainOptions& options, std::span<const std::size_t> counts, bool soft = false);

  /// The batch's pictures times its mean loss; writes the derivative of the mean.
  ///
  /// dx and logits (N,K), labels (N). Classes that weigh more: the mean is a weighted one, see weights_of_labels.
  /// soft: (N,K) shares that sum to 1, learnt instead of the labels (smoothed and weighed like them), or nothing.
  double operator()(View<float> dx, View<const float> logits, std::span<const std::int32_t> labels,
                    std::span<const float> soft = {});

private:
  double smoothing_;
  bool plain_; ///< labels as they are
  Tensor targets_;
  std::vector<float> class_weights_; ///< empty where all pictures count the same
  std::vector<float> weights_;
};

} // namespace mien
