// SPDX-License-Identifier: Apache-2.0
// The optimiser Adam for all parameters of a model.
#pragma once

#include "mien/core/adam.hpp"
#include "mien/nn/model.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace mien {

/// Adam with one clock for all tensors; its state is a value that a checkpoint can keep.
class Adam {
public:
  /// The moments begin as zeros, the clock at 0.
  Adam(const Model& model, const AdamSettings& settings);

  /// One step against these gradients, one a parameter in the model's order. Throws Error if they do not fit the model.
  /// Source: Kingma and Ba 2015; see mien/ops/adam.hpp for the formula.
  void step(Model& model, std::span<const View<float>> gradients, int threads);

  [[nodiscard]] const AdamSettings& settings() const noexcept { return settings_; }
  [[nodiscard]] std::int64_t steps() const noexcept { return steps_; }
  /// The first and second moments, one a parameter in the model's order.
  [[nodiscard]] std::span<const Tensor> m() const noexcept { return m_; }
  [[nodiscard]] std::span<const Tensor> v() const noexcept { return v_; }
  /// Goes on from a kept state. Throws Error if the tensors do not fit those there are.
  void restore(std::int64_t steps, std::vector<Tensor> m, std::vector<Tensor> v);

private:
  AdamSettings settings_;
  std::int64_t steps_ = 0;
  std::vector<Tensor> m_;
  std::vector<Tensor> v_;
};

} // namespace mien
