// SPDX-License-Identifier: Apache-2.0
#include "mien/nn/steady_label.hpp"

#include "mien/core/error.hpp"
#include "mien/core/math.hpp"

#include <algorithm>
#include <cmath>

namespace mien {
namespace {

void expect_in_range(const SteadySettings& s) {
  if (!(s.time_constant > 0 && s.time_constant <= 3600))
    throw Error(concat("steady label: a time constant of ", s.time_constant, " seconds, expected above 0, up to 3600"));
  if (!(s.margin >= 0 && s.margin < 1))
    throw Error(concat("steady label: a margin of ", s.margin, ", expected 0 or more, below 1"));
  if (!(s.doubt >= 0 && s.doubt <= s.trust && s.trust <= 1))
    throw Error(concat("steady label: doubt below ", s.doubt, " and trust from ", s.trust,
                       ", expected 0 <= doubt <= trust <= 1"));
}

} // namespace

double label_delay(const SteadySettings& s) noexcept {
  if (!s.filter) return 0;
  return s.time_constant * math::log(2 / (1 - (s.hysteresis ? s.margin : 0)));
}

SteadyLabel::SteadyLabel(const SteadySettings& settings) : settings_(settings) { expect_in_range(settings); }

void SteadyLabel::expect_sound(std::span<const float> probabilities, double time) const {
  if (probabilities.empty()) throw Error("steady label: there are no probabilities");
  if (!probabilities_.empty() && probabilities.size() != probabilities_.size())
    throw Error(concat("steady label: ", probabilities.size(), " probabilities, there were ", probabilities_.size(),
                       " before; another classifier needs another SteadyLabel"));
  for (const float p : probabilities)
    if (!(p >= 0 && p <= 1)) throw Error(concat("steady label: a probability of ", p, ", expected 0 to 1"));
  if (!std::isfinite(time) || (!probabilities_.empty() && time < time_))
    throw Error(concat("steady label: the time goes back, from ", time_, " to ", time, " s"));
}

void SteadyLabel::update(std::span<const float> probabilities, double time) {
  expect_sound(probabilities, time);
  if (probabilities_.empty() || !settings_.filter) {
    probabilities_.assign(probabilities.begin(), probabilities.end());
  } else {
    const auto share = static_cast<float>(1 - math::exp((time_ - time) / settings_.time_constant));
    for (std::size_t i = 0; i < probabilities.size(); ++i)
      probabilities_[i] += share * (probabilities[i] - probabilities_[i]);
  }
  time_ = time;
  choose();
}

void SteadyLabel::resume(std::span<const float> probabilities, std::optional<std::size_t> label, double time) {
  expect_sound(probabilities, time);
  if (label && *label >= probabilities.size())
    throw Error(concat("steady label: class ", *label, " of ", probabilities.size()));
  probabilities_.assign(probabilities.begin(), probabilities.end());
  label_ = label;
  time_ = time;
}

void SteadyLabel::choose() noexcept {
  const auto largest = std::ranges::max_element(probabilities_);
  const auto most_probable = static_cast<std::size_t>(largest - probabilities_.begin());
  const double margin = settings_.hysteresis ? settings_.margin : 0;
  if (!label_) {
    if (!settings_.unsure || *largest >= settings_.trust) label_ = most_probable;
    return;
  }
  if (*largest > probabilities_[*label_] + margin) label_ = most_probable;
  if (settings_.unsure && probabilities_[*label_] < settings_.doubt) label_.reset();
}

} // namespace mien
