// SPDX-License-Identifier: Apache-2.0
// The optimisers: what moves all parameters of a model, step by step.
#pragma once

#include "mien/nn/model.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mien {

enum class OptimizerKind : std::uint8_t { adam, adamw, sgd };

/// `adam`, `adamw` or `sgd`.
[[nodiscard]] std::string_view name_of(OptimizerKind kind) noexcept;
/// The kind of that name. Throws Error naming the choices.
[[nodiscard]] OptimizerKind optimizer_named(std::string_view name);

/// Which optimiser, and all its numbers but the learning rate, which each step is given.
struct OptimizerSettings {
  OptimizerKind kind = OptimizerKind::adam;
  double beta_1 = 0.9;     ///< adam, adamw: how much of the gradient's mean the next step keeps
  double beta_2 = 0.999;   ///< and of its square's
  double epsilon = 1e-7;   ///< adam: added to sqrt(v); adamw: to sqrt(v / (1 - beta_2^t)), as in PyTorch
  double momentum = 0.9;   ///< sgd: how much of the steps so far the next one keeps
  bool nesterov = true;    ///< sgd: looks ahead
  double weight_decay = 0; ///< adamw: w -= rate * weight_decay * w; sgd: gradient += weight_decay * w
  double l2 = 0;           ///< any kind: loss += l2 * sum(w^2), so gradient += 2 * l2 * w
  std::vector<std::string> decayed{"kernel"}; ///< whom the last two touch: `kernel`, `dense/bias`, or `all`
  double clip_norm = 0;                       ///< the longest that all gradients together may be; 0: any length

  friend bool operator==(const OptimizerSettings&, const OptimizerSettings&) = default;
};

/// Throws Error unless every number is one that its formula allows. Adam takes no weight_decay: adamw is what that is.
void check(const OptimizerSettings& settings);

/// One tensor that an optimiser keeps between steps: `m/conv2d/kernel`.
struct OptimizerSlot {
  std::string name;
  Tensor value;
};

/// Moves the parameters of a model against their gradients, one pass over memory a parameter.
///
///   adam   keras.optimizers.Adam
///   adamw  torch.optim.AdamW: the same, and weights shrink by rate * weight_decay on the way
///   sgd    torch.optim.SGD, with momentum and Nesterov's look ahead
///
/// Statistics (ParameterRole) take their "gradient" off at a rate of their own: no decay, no clipping. One clock
/// for all tensors. The state is a value that a checkpoint can keep. No bit depends on threads.
class Optimizer {
public:
  /// The state begins as zeros, the clock at 0. Parameters that `frozen` marks, one a parameter in the model's order
  /// or none at all, are left alone: they neither move, nor count in the norm, nor have a state. Throws Error if the
  /// mask does not fit, if check(settings) does, or if weights shall decay and none is chosen.
  Optimizer(const Model& model, OptimizerSettings settings, std::vector<bool> frozen = {});

  /// One step against these gradients, one a parameter in the model's order; allocates nothing. Throws Error if they do
  /// not fit the model.
  /// Source: see mien/ops/adam.hpp and mien/ops/sgd.hpp; clipping is torch.nn.utils.clip_grad_norm_.
  void step(Model& model, std::span<const View<float>> gradients, double learning_rate, int threads);

  [[nodiscard]] const OptimizerSettings& settings() const noexcept { return settings_; }
  [[nodiscard]] std::int64_t steps() const noexcept { return steps_; }
  /// The length of all gradients of the last step together, in double and before clipping: sqrt(sum of squares), of
  /// parameters that are trained and not frozen. Without the penalty's.
  [[nodiscard]] double last_gradient_norm() const noexcept { return last_norm_; }
  /// What `l2` adds to the loss: l2 * the sum of squares of the weights chosen.
  [[nodiscard]] double penalty(const Model& model, int threads);

  /// What a checkpoint keeps besides steps(): m and v, or momentum, of every parameter that moves, in a fixed order.
  [[nodiscard]] std::span<const OptimizerSlot> slots() const noexcept { return slots_; }
  /// Goes on from a kept state, a tensor a slot in the order of slots(). Throws Error if they do not fit.
  void restore(std::int64_t steps, std::vector<Tensor> values);

private:
  struct Target {
    bool moves = false;         ///< trained and not frozen
    bool decays = false;        ///< chosen by settings.decayed
    bool statistic = false;     ///< and not frozen
    std::size_t first_slot = 0; ///< of slots_
  };

  [[nodiscard]] double norm_of(std::span<const View<float>> gradients, int threads);
  void expect_fit(const Model& model, std::span<const View<float>> gradients) const;

  OptimizerSettings settings_;
  std::int64_t steps_ = 0;
  double last_norm_ = 0;
  std::vector<Target> targets_; ///< one a parameter
  std::vector<OptimizerSlot> slots_;
  std::vector<double> parts_; ///< of the sum of squares of the largest parameter
};

} // namespace mien
