// SPDX-License-Identifier: Apache-2.0
// What is noticed between two steps.
#include "lib/train/trouble_words.hpp"

#include "mien/core/math.hpp"
#include "mien/train/trouble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mien {
namespace {

constexpr int in_a_row = 30;
constexpr int exploding_in_a_row = 10;
constexpr double exploding = 100;
constexpr double nothing = 1e-6;

std::string place(const WatchedStep& step) {
  return fmt::format("step {} of {} in epoch {}", step.step, step.steps, step.epoch);
}

} // namespace

Trouble diverged(const WatchedStep& step) {
  return {.what = "the loss is no longer a finite number",
          .evidence = fmt::format("after {}, at learning rate {:.3g}, gradient norm {:.3g}", place(step),
                                  step.learning_rate, step.gradient_norm),
          .suggestion = words::lower_rate(step.learning_rate)};
}

StepWatch::StepWatch(std::int64_t classes) : log_classes_(math::log(static_cast<double>(classes))) {}

std::optional<Trouble> StepWatch::watch(const WatchedStep& step) {
  if (told_) return std::nullopt;
  std::optional<Trouble> found;
  if (!std::isfinite(step.loss) || !std::isfinite(step.gradient_norm)) {
    told_ = true;
    return diverged(step);
  }

  const double log_norm = math::log(std::max(step.gradient_norm, nothing));
  const bool high = seen_ >= in_a_row && log_norm > usual_log_norm_ + math::log(exploding);
  high_norm_ = high ? high_norm_ + 1 : 0;
  high_loss_ = step.loss > 2 * log_classes_ ? high_loss_ + 1 : 0;
  no_norm_ = step.gradient_norm <= nothing && step.loss > log_classes_ / 2 ? no_norm_ + 1 : 0;
  // the plain mean at first, then one that forgets; what explodes is not taken for usual
  if (!high) usual_log_norm_ += (log_norm - usual_log_norm_) / static_cast<double>(std::min<std::int64_t>(++seen_, 50));

  if (high_norm_ >= exploding_in_a_row)
    found = {.what = "the gradient explodes: each step is longer than the one before",
             .evidence = fmt::format("the gradient norm is {:.3g} at {} and was {:.3g} before", step.gradient_norm,
                                     place(step), math::exp(usual_log_norm_)),
             .suggestion = "shorten steps that are too long: --clip-norm 1"};
  else if (high_loss_ >= in_a_row)
    found = {.what = words::rate_too_high,
             .evidence = fmt::format("the loss is {:.3g} at {} and has been above {:.3f} for {} steps; pure guessing "
                                     "gives {:.3f}",
                                     step.loss, place(step), 2 * log_classes_, high_loss_, log_classes_),
             .suggestion = words::lower_rate(step.learning_rate)};
  else if (no_norm_ >= in_a_row)
    found = {.what = words::dead,
             .evidence = fmt::format("the gradient norm has been {:.2g} or less for {} steps up to {}, and the loss "
                                     "{:.3f} is far from 0",
                                     nothing, no_norm_, place(step), step.loss),
             .suggestion = words::lower_rate(step.learning_rate)};
  told_ = found.has_value();
  return found;
}

} // namespace mien
