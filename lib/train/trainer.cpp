// SPDX-License-Identifier: Apache-2.0
// The loop: a batch, a step, and after the last one of an epoch the validation.
#include "mien/train/trainer.hpp"

#include "mien/core/error.hpp"
#include "mien/data/augment.hpp"
#include "mien/ops/parallel.hpp"
#include "mien/ops/softmax.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace mien {
namespace {

std::int64_t count_correct(View<const float> logits, std::span<const std::int32_t> labels) {
  const auto k = static_cast<std::size_t>(logits.shape()[1]);
  std::int64_t correct = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto row = logits.span().subspan(i * k, k);
    correct += std::max_element(row.begin(), row.end()) - row.begin() == labels[i];
  }
  return correct;
}

bool all_finite(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

bool Trainer::run(const TrainEvents& events) {
  while (progress_.epoch < options_.epochs) {
    if (events.stop && events.stop()) return false;
    if (progress_.step < steps_) {
      step();
      if (events.on_step) events.on_step(report());
    } else {
      if (!finish_epoch(events)) return false;
      if (events.on_epoch) events.on_epoch(progress_.rows.back());
    }
  }
  return true;
}

std::int64_t Trainer::fill_batch() {
  const auto first = static_cast<std::size_t>(progress_.step * options_.batch);
  const auto last = std::min(first + static_cast<std::size_t>(options_.batch), train_.size());
  samples_.clear();
  labels_.clear();
  for (auto position = first; position < last; ++position) {
    samples_.push_back(order_[position]);
    labels_.push_back(train_.label(samples_.back()));
  }

  const auto n = static_cast<std::int64_t>(samples_.size());
  const auto x = workspace_.input(n).span();
  const auto size = train_.picture_bytes();
  const auto fill = [&](int i, int) {
    const auto sample = samples_[static_cast<std::size_t>(i)];
    augment(x.subspan(static_cast<std::size_t>(i) * size, size), train_.picture(sample), preprocessing_,
            options_.augmentation,
            Rng(options_.seed, Purpose::augment, static_cast<std::uint32_t>(progress_.epoch), sample));
  };
  parallel_for(workspace_.threads(), static_cast<int>(n), fill);
  return n;
}

void Trainer::step() {
  const auto start = std::chrono::steady_clock::now();
  const auto n = fill_batch();
  const Draws draws{options_.seed, static_cast<std::uint32_t>(progress_.epoch), samples_};
  const auto logits = workspace_.forward(model_, n, draws);
  const double loss =
      softmax_cross_entropy(workspace_.output_gradient(n), logits, labels_, 1.0 / static_cast<double>(n));
  if (!std::isfinite(loss)) throw_diverged();
  const auto correct = count_correct(logits, labels_);

  workspace_.zero_gradients();
  workspace_.backward(model_, n, draws);
  adam_.step(model_, workspace_.gradients(), workspace_.threads());

  ++progress_.step;
  progress_.loss_sum += loss;
  progress_.correct += correct;
  progress_.seconds += seconds_since(start);
}

StepReport Trainer::report() const {
  const auto pictures = std::min(progress_.step * options_.batch, static_cast<std::int64_t>(train_.size()));
  const auto seen = static_cast<double>(std::max<std::int64_t>(pictures, 1));
  return {.epoch = progress_.epoch + 1,
          .step = progress_.step,
          .steps = steps_,
          .pictures = pictures,
          .loss = progress_.loss_sum / seen,
          .accuracy = static_cast<double>(progress_.correct) / seen};
}

bool Trainer::finish_epoch(const TrainEvents& events) {
  const auto start = std::chrono::steady_clock::now();
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
    const auto logits = validation_workspace_.forward(model_, batch);
    if (!all_finite(logits.span())) throw_diverged();
    const View<float> probabilities(validation_probabilities_.view<float>().data(), logits.shape());
    softmax(probabilities, logits);
    validation_figures_.add(truth, probabilities);
  }
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
                            .learning_rate = options_.learning_rate});
  progress_ = {.epoch = progress_.epoch + 1, .rows = std::move(progress_.rows)};
  order_.begin_epoch(options_.seed, progress_.epoch);
  return true;
}

void Trainer::throw_diverged() const {
  throw Error(concat("training: the loss is no longer a finite number after step ", progress_.step, " of ", steps_,
                     " in epoch ", progress_.epoch + 1, ", at learning rate ", options_.learning_rate,
                     "; start again with a tenth of that rate"));
}

} // namespace mien
