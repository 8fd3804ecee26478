// SPDX-License-Identifier: Apache-2.0
// The exponential moving average of a model's weights.
#pragma once

#include "mien/nn/model.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace mien {

/// An average of the weights that a training passed through: often more accurate than where it ended.
///
///   average <- d average + (1 - d) w,  d = min(decay, (1 + t) / (10 + t)) for the update after t others
///
/// It begins as the weights are, which the first updates make it forget. Statistics (ParameterRole) are not averaged:
/// those of the averaged weights have to be measured again on data. The state is a value that a checkpoint can keep. No
/// bit depends on threads.
/// Source: Polyak and Juditsky 1992; tf.train.ExponentialMovingAverage(decay, num_updates).
class WeightAverage {
public:
  /// Throws Error unless the decay is at least 0 and less than 1.
  WeightAverage(const Model& model, double decay);

  /// Takes the weights of this moment in; allocates nothing. Throws Error if the model is another one.
  void update(const Model& model, int threads);
  /// Writes the averages over the weights of `model`, a copy as a rule; statistics stay as they are. Throws Error if
  /// the model is another one.
  void apply(Model& model) const;

  [[nodiscard]] double decay() const noexcept { return decay_; }
  [[nodiscard]] std::int64_t updates() const noexcept { return updates_; }
  /// The averages, under the names of the parameters.
  [[nodiscard]] std::span<const Parameter> averages() const noexcept { return averages_; }
  /// Goes on from a kept state, a tensor an average in the order of averages(). Throws Error if they do not fit.
  void restore(std::int64_t updates, std::vector<Tensor> values);

private:
  void expect_fit(const Model& model) const;

  double decay_;
  std::int64_t updates_ = 0;
  std::vector<Parameter> averages_;
  std::vector<std::size_t> places_; ///< of each one in the model's parameters
};

} // namespace mien
