// SPDX-License-Identifier: Apache-2.0
#include "mien/nn/optimizer.hpp"

#include "mien/core/error.hpp"
#include "mien/ops/adam.hpp"
#include "mien/ops/sgd.hpp"
#include "mien/ops/sum_of_squares.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mien {
namespace {

/// Whether one of the words is the parameter's name, the last part of it, or `all`.
bool chosen(const std::string& name, const std::vector<std::string>& words) {
  const auto last = name.substr(name.rfind('/') + 1); // npos + 1 is 0
  return std::ranges::any_of(words, [&](const auto& word) { return word == "all" || word == name || word == last; });
}

/// What clipping leaves of gradients of this length.
float scale_of(double norm, double most) {
  return most > 0 ? static_cast<float>(std::min(1.0, most / (norm + 1e-6))) : 1.0f;
}

AdamStep adam_step_of(const OptimizerSettings& s, double rate, std::int64_t t, float scale, bool decays) {
  auto step = adam_step({.learning_rate = rate, .beta_1 = s.beta_1, .beta_2 = s.beta_2, .epsilon = s.epsilon}, t);
  step.gradient_scale = scale;
  step.l2 = decays ? static_cast<float>(2 * s.l2) : 0.0f;
  if (s.kind == OptimizerKind::adamw) {
    step.epsilon = static_cast<float>(s.epsilon * std::sqrt(1 - math::pow(s.beta_2, t))); // beside the corrected root
    step.decay = decays ? static_cast<float>(rate * s.weight_decay) : 0.0f;
  }
  return step;
}

SgdStep sgd_step_of(const OptimizerSettings& s, double rate, float scale, bool decays) {
  return {.rate = static_cast<float>(rate),
          .momentum = static_cast<float>(s.momentum),
          .nesterov = s.nesterov,
          .gradient_scale = scale,
          .l2 = decays ? static_cast<float>(s.weight_decay + 2 * s.l2) : 0.0f};
}

void take_off(View<float> w, View<const float> dw, float rate) {
  for (std::size_t i = 0; i < w.size(); ++i) w[i] -= rate * dw[i];
}

} // namespace

Optimizer::Optimizer(const Model& model, OptimizerSettings settings, std::vector<bool> frozen)
    : settings_(std::move(settings)) {
  check(settings_);
  const auto parameters = model.parameters();
  if (!frozen.empty() && frozen.size() != parameters.size())
    throw Error(concat("optimizer: ", frozen.size(), " marks for frozen parameters given, the model has ",
                       parameters.size(), " parameters"));
  const auto slot = [&](const char* kind, const Parameter& parameter) {
    slots_.push_back({.name = kind + ("/" + parameter.name), .value = Tensor(parameter.value.shape())});
  };
  bool any = false;
  std::int64_t parts = 0;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto& parameter = parameters[i];
    const bool trained = parameter.role == ParameterRole::trained;
    const bool still = !frozen.empty() && frozen[i];
    targets_.push_back({.moves = trained && !still,
                        .decays = trained && chosen(parameter.name, settings_.decayed),
                        .statistic = !trained && !still,
                        .first_slot = slots_.size()});
    any = any || targets_.back().decays;
    parts = std::max(parts, sum_of_squares_parts(parameter.value.shape().size()));
    if (!targets_.back().moves) continue;
    if (settings_.kind == OptimizerKind::sgd) {
      slot("momentum", parameter);
    } else {
      slot("m", parameter);
      slot("v", parameter);
    }
  }
  parts_.resize(static_cast<std::size_t>(parts));
  if (!any && (settings_.weight_decay > 0 || settings_.l2 > 0))
    throw Error("optimizer: weights shall decay, but `decayed` names no parameter of this model; name its kernels "
                "(`kernel`), a parameter (`dense/kernel`), or `all`");
}

void Optimizer::expect_fit(const Model& model, std::span<const View<float>> gradients) const {
  if (model.parameters().size() != targets_.size() || gradients.size() != targets_.size())
    throw Error(concat("optimizer: made for ", targets_.size(), " parameters, given ", model.parameters().size(),
                       " and ", gradients.size(), " gradients"));
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    const auto& [name, value, role, rate] = model.parameters()[i];
    if (gradients[i].shape() != value.shape())
      throw Error(concat("optimizer: ", name, " is ", value.shape(), ", its gradient ", gradients[i].shape(),
                         "; they must agree"));
  }
}

double Optimizer::norm_of(std::span<const View<float>> gradients, int threads) {
  double sum = 0;
  for (std::size_t i = 0; i < targets_.size(); ++i)
    if (targets_[i].moves) sum += sum_of_squares(gradients[i], parts_, threads);
  return std::sqrt(sum);
}

void Optimizer::step(Model& model, std::span<const View<float>> gradients, double learning_rate, int threads) {
  expect_fit(model, gradients);
  last_norm_ = norm_of(gradients, threads);
  const float scale = scale_of(last_norm_, settings_.clip_norm);
  ++steps_; // one clock for all tensors
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    const auto& target = targets_[i];
    auto& [name, w, role, rate] = model.parameters()[i];
    if (target.statistic) take_off(w, gradients[i], rate);
    if (!target.moves) continue;
    auto* const slot = &slots_[target.first_slot];
    if (settings_.kind == OptimizerKind::sgd) {
      sgd(w, slot[0].value, gradients[i], sgd_step_of(settings_, learning_rate, scale, target.decays), threads);
    } else {
      const auto now = adam_step_of(settings_, learning_rate, steps_, scale, target.decays);
      adam(w, slot[0].value, slot[1].value, gradients[i], now, threads);
    }
  }
}

double Optimizer::penalty(const Model& model, int threads) {
  if (settings_.l2 == 0) return 0;
  double sum = 0;
  for (std::size_t i = 0; i < targets_.size(); ++i)
    if (targets_[i].decays) sum += sum_of_squares(model.parameters()[i].value, parts_, threads);
  return settings_.l2 * sum;
}

void Optimizer::restore(std::int64_t steps, std::vector<Tensor> values) {
  const auto fits = [](const Tensor& value, const OptimizerSlot& slot) {
    return value.shape() == slot.value.shape() && value.dtype() == slot.value.dtype();
  };
  if (steps < 0 || !std::ranges::equal(values, slots_, fits))
    throw Error("optimizer: the kept state belongs to another network or another optimiser");
  steps_ = steps;
  for (std::size_t i = 0; i < slots_.size(); ++i) slots_[i].value = std::move(values[i]);
}

} // namespace mien
