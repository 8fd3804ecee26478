// SPDX-License-Identifier: Apache-2.0
// Which nodes of a model run as one step of a plan.
#pragma once

#include "mien/nn/plan.hpp"

#include <vector>

namespace mien {

/// Nodes first to last, which run as one: `layer` does the work of them all.
struct Run {
  LayerPtr layer;
  std::size_t first = 0;
  std::size_t last = 0;
};

/// The model's nodes in the order they run, without views.
[[nodiscard]] std::vector<Run> fused_runs(const Model& model, const PlanOptions& options);

} // namespace mien
