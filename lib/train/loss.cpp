// SPDX-License-Identifier: Apache-2.0
#include "mien/train/loss.hpp"

#include "mien/ops/softmax.hpp"
#include "mien/train/targets.hpp"

namespace mien {

TrainingLoss::TrainingLoss(const TrainOptions& options, std::span<const std::size_t> counts, bool soft)
    : smoothing_(options.label_smoothing),
      plain_(smoothing_ == 0 && options.class_weights == ClassWeights::none && !soft) {
  if (plain_) return;
  if (options.class_weights == ClassWeights::balanced) class_weights_ = balanced_class_weights(counts);
  targets_ = Tensor(Shape{options.batch, static_cast<std::int64_t>(counts.size())});
  if (!class_weights_.empty()) weights_.resize(static_cast<std::size_t>(options.batch));
}

double TrainingLoss::operator()(View<float> dx, View<const float> logits, std::span<const std::int32_t> labels,
                                std::span<const float> soft) {
  const auto n = static_cast<double>(labels.size());
  if (plain_) return softmax_cross_entropy(dx, logits, labels, 1 / n);
  const View<float> targets(targets_.view<float>().data(), logits.shape());
  if (soft.empty())
    smoothed_targets(targets, labels, smoothing_);
  else
    smoothed_shares(targets, soft, smoothing_);
  if (class_weights_.empty()) return soft_cross_entropy(dx, logits, targets, {}, 1 / n);
  const auto weights = std::span(weights_).first(labels.size());
  const double sum = weights_of_labels(weights, labels, class_weights_);
  return n / sum * soft_cross_entropy(dx, logits, targets, weights, 1 / sum);
}

} // namespace mien
