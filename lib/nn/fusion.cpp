// SPDX-License-Identifier: Apache-2.0
#include "lib/nn/fusion.hpp"

#include <algorithm>

namespace mien {
namespace {

/// Whether node `next` reads the output of the one before it and nothing else, and nobody else reads that.
bool continues(const Model& model, std::size_t next) {
  const auto nodes = model.nodes();
  if (next >= nodes.size() || nodes[next].inputs != std::vector{next} || nodes[next].parameter_count > 0) return false;
  std::ptrdiff_t readers = 0;
  for (const auto& node : nodes) readers += std::ranges::count(node.inputs, next);
  return readers == 1;
}

bool both_frozen_or_not(const PlanOptions& options, std::size_t a, std::size_t b) {
  return options.frozen.empty() || options.frozen[a] == options.frozen[b];
}

} // namespace

std::vector<Run> fused_runs(const Model& model, const PlanOptions& options) {
  const auto nodes = model.nodes();
  std::vector<Run> runs;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].layer->is_view(options.training)) continue;
    Run run{.layer = nodes[i].layer, .first = i, .last = i};
    if (!options.algorithm.empty())
      if (auto other = run.layer->beginning_with(options.algorithm)) run.layer = std::move(other);
    std::vector<Shape> inputs;
    for (const auto& shape : model.input_shapes(nodes[i])) inputs.push_back(shape.batched(options.batch));
    while (continues(model, run.last + 1) && both_frozen_or_not(options, i, run.last + 1)) {
      const auto& next = *nodes[run.last + 1].layer;
      if (next.is_view(options.training)) break;
      auto both = run.layer->followed_by(next, inputs);
      if (both == nullptr) break;
      run.layer = std::move(both);
      i = ++run.last;
    }
    runs.push_back(std::move(run));
  }
  return runs;
}

} // namespace mien
