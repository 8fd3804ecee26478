// SPDX-License-Identifier: Apache-2.0
// The loop: a batch, a step, and so on to the end of an epoch.
#include "mien/train/trainer.hpp"

#include "lib/train/clock.hpp"

#include "mien/core/error.hpp"
#include "mien/data/augment.hpp"
#include "mien/ops/parallel.hpp"
#include "mien/train/trouble.hpp"

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

} // namespace

bool Trainer::finished() const noexcept {
  return progress_.epoch >= options_.epochs || stopped_early(progress_.rows, options_.patience);
}

bool Trainer::run(const TrainEvents& events) {
  while (!finished()) {
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

Draws Trainer::draws() const { return {options_.seed, static_cast<std::uint32_t>(progress_.epoch), samples_}; }

double Trainer::rate_of_step(std::int64_t step) const {
  return learning_rate(options_.schedule, options_.learning_rate,
                       {.step = progress_.epoch * steps_ + step,
                        .total_steps = options_.epochs * steps_,
                        .steps_per_epoch = steps_,
                        .rows = progress_.rows});
}

void Trainer::fill_batch(std::int64_t step) {
  const auto first = static_cast<std::size_t>(step * options_.batch);
  const auto last = std::min(first + static_cast<std::size_t>(options_.batch), train_.size());
  samples_.clear();
  labels_.clear();
  soft_.clear();
  for (auto position = first; position < last; ++position) {
    samples_.push_back(order_[position]);
    labels_.push_back(train_.label(samples_.back()));
    const auto target = train_.target(samples_.back());
    soft_.insert(soft_.end(), target.begin(), target.end());
  }

  const auto x = workspace_.input(static_cast<std::int64_t>(samples_.size())).span();
  const auto size = train_.picture_bytes();
  const auto fill = [&](int i, int) {
    const auto sample = samples_[static_cast<std::size_t>(i)];
    augment(x.subspan(static_cast<std::size_t>(i) * size, size), train_.picture(sample), preprocessing_,
            options_.augmentation,
            Rng(options_.seed, Purpose::augment, static_cast<std::uint32_t>(progress_.epoch), sample));
  };
  parallel_for(workspace_.threads(), static_cast<int>(samples_.size()), fill);
}

void Trainer::step() {
  const auto start = std::chrono::steady_clock::now();
  fill_batch(progress_.step);
  const auto n = static_cast<std::int64_t>(samples_.size());
  workspace_.zero_gradients();
  const auto logits = workspace_.forward(model_, n, draws());
  const double loss = loss_(workspace_.output_gradient(n), logits, labels_, soft_);
  step_loss_ = loss / static_cast<double>(n);
  if (!std::isfinite(loss)) throw_diverged();
  const auto correct = count_correct(logits, labels_);

  workspace_.backward(model_, n, draws());
  optimizer_.step(model_, workspace_.gradients(), rate_of_step(progress_.step), workspace_.threads());
  if (average_) average_->update(model_, workspace_.threads());

  ++progress_.step;
  progress_.loss_sum += loss;
  progress_.correct += correct;
  progress_.gradient_norms += optimizer_.last_gradient_norm();
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
          .accuracy = static_cast<double>(progress_.correct) / seen,
          .step_loss = step_loss_,
          .learning_rate = rate_of_step(progress_.step - 1),
          .gradient_norm = optimizer_.last_gradient_norm()};
}

void Trainer::throw_diverged() const {
  throw Diverged("training: " + trouble_sentence(diverged({.epoch = progress_.epoch + 1,
                                                           .step = progress_.step,
                                                           .steps = steps_,
                                                           .loss = step_loss_,
                                                           .gradient_norm = optimizer_.last_gradient_norm(),
                                                           .learning_rate = rate_of_step(progress_.step)})));
}

} // namespace mien
