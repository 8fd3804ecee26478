// SPDX-License-Identifier: Apache-2.0
// One step of training, as a test needs it.
#pragma once

#include "mien/nn/optimizer.hpp"
#include "mien/nn/workspace.hpp"
#include "mien/ops/softmax.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

namespace mien::test {

/// Runs x and labels, a batch of n, forward and back; returns the mean loss and leaves its derivatives in the
/// workspace.
inline double loss_and_gradients(const Model& model, Workspace& workspace, std::span<const float> x,
                                 std::span<const std::int32_t> labels, const Draws& draws = {}) {
  const auto n = static_cast<std::int64_t>(labels.size());
  std::ranges::copy(x, workspace.input(n).begin());
  workspace.zero_gradients(); // before forward(), which measures statistics
  const View<const float> logits = workspace.forward(model, n, draws);
  const double scale = 1.0 / static_cast<double>(n);
  const double loss = softmax_cross_entropy(workspace.output_gradient(n), logits, labels, scale);
  workspace.backward(model, n, draws);
  return loss * scale;
}

/// The same, then one step of the optimiser.
inline double train_step(Model& model, Workspace& workspace, Optimizer& optimizer, double rate,
                         std::span<const float> x, std::span<const std::int32_t> labels, const Draws& draws = {}) {
  const double loss = loss_and_gradients(model, workspace, x, labels, draws);
  optimizer.step(model, workspace.gradients(), rate, workspace.threads());
  return loss;
}

} // namespace mien::test
