// SPDX-License-Identifier: Apache-2.0
// The end of an epoch: the averaged weights, the validation, a row.
#include "mien/train/trainer.hpp"

#include "lib/train/clock.hpp"

#include "mien/ops/softmax.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace mien {
namespace {

bool all_finite(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
}

/// The mean of a statistic over batches: takes in the `batch`-th one's, counted from 0.
void take_in(Parameter& statistic, View<const float> difference, std::int64_t batch) {
  const auto share = static_cast<float>(1.0 / static_cast<double>(batch + 1));
  auto values = statistic.value.view<float>();
  for (std::size_t i = 0; i < values.size(); ++i) values[i] -= share * difference[i];
}

} // namespace

/// Averaged weights give other activations than those whose mean and variance were followed: these are measured again,
/// on the pictures that the epoch began with.
void Trainer::average() {
  averaged_ = model_;
  average_->apply(*averaged_);
  if (model_.parameter_count(ParameterRole::statistic) == 0) return;
  const auto batches = std::min(steps_, (measured_pictures + options_.batch - 1) / options_.batch);
  for (std::int64_t batch = 0; batch < batches; ++batch) {
    fill_batch(batch);
    workspace_.zero_gradients();
    (void)workspace_.forward(*averaged_, static_cast<std::int64_t>(samples_.size()), draws());
    const auto parameters = averaged_->parameters();
    for (std::size_t i = 0; i < parameters.size(); ++i)
      if (parameters[i].role == ParameterRole::statistic) take_in(parameters[i], workspace_.gradients()[i], batch);
  }
}

bool Trainer::validate(const TrainEvents& events) {
  std::vector<std::int32_t> truth;
  validation_figures_.clear();
  for (std::size_t first = 0; first < validation_.size(); first += validation_batch) {
    if (events.stop && events.stop()) return false;
    const auto n = std::min(validation_batch, validation_.size() - first);
    const auto batch = static_cast<std::int64_t>(n);
    const auto size = validation_.picture_bytes();
    const auto x = validation_workspace_.input(batch).span();
    truth.clear();
    for (std::size_t i = 0; i < n; ++i) {
      to_input_floats(x.subspan(i * size, size), validation_.picture(first + i), preprocessing_);
      truth.push_back(validation_.label(first + i));
    }
    const auto logits = validation_workspace_.forward(model(), batch);
    if (!all_finite(logits.span())) throw_diverged();
    const View<float> probabilities(validation_probabilities_.view<float>().data(), logits.shape());
    softmax(probabilities, logits);
    validation_figures_.add(truth, probabilities);
  }
  return true;
}

bool Trainer::finish_epoch(const TrainEvents& events) {
  const auto start = std::chrono::steady_clock::now();
  if (average_) average();
  if (!validate(events)) return false;
  const auto figures = validation_figures_.figures();
  const auto trained = report();
  progress_.rows.push_back({.epoch = trained.epoch,
                            .loss = trained.loss,
                            .accuracy = trained.accuracy,
                            .val_loss = figures.log_loss,
                            .val_accuracy = figures.accuracy,
                            .val_macro_f1 = figures.macro_f1,
                            .seconds = progress_.seconds + seconds_since(start),
                            .images_per_second = static_cast<double>(trained.pictures) / progress_.seconds,
                            .learning_rate = rate_of_step(steps_ - 1),
                            .gradient_norm = progress_.gradient_norms / static_cast<double>(steps_)});
  progress_ = {.epoch = progress_.epoch + 1, .rows = std::move(progress_.rows)};
  order_.begin_epoch(options_.seed, progress_.epoch);
  return true;
}

} // namespace mien
