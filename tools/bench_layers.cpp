// SPDX-License-Identifier: Apache-2.0
#include "tools/bench_layers.hpp"

#include "mien/core/error.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

namespace mien::cli {
namespace {

std::string algorithm_of(const Work& work, const Plan::Step& step) {
  std::vector<Shape> inputs;
  for (const auto& input : step.inputs) inputs.push_back(input.shape.batched(work.workspace().plan().options().batch));
  return std::string(step.layer->algorithm(inputs));
}

LayerCost cost_of(const Work& work, const Plan::Step& step) {
  const auto& node = work.model().nodes()[step.node];
  const auto pictures = static_cast<double>(work.workspace().plan().options().batch);
  const auto flop = flop_of(work.model(), node);
  std::string type(node.layer->type());
  for (auto next = step.node + 1; next <= step.last_node; ++next) // run in the same pass
    type += concat(" + ", work.model().nodes()[next].layer->type());
  return {.name = node.name,
          .type = std::move(type),
          .algorithm = algorithm_of(work, step),
          .flop = {.forward = pictures * flop.forward, .backward = pictures * flop.backward}};
}

} // namespace

BookedTimes booked(const Work& work) {
  const auto nodes = work.workspace().times();
  const auto parts = work.parts();
  return {{nodes.begin(), nodes.end()}, {parts.begin(), parts.end()}};
}

std::vector<LayerCost> layer_costs(const Work& work, const BookedTimes& before, double calls, double seconds) {
  const auto now = booked(work);
  std::vector<LayerCost> costs;
  double rest = seconds / calls;
  const auto add = [&](LayerCost cost, double forward, double backward) {
    cost.forward_seconds = forward / calls;
    cost.backward_seconds = backward / calls;
    rest -= cost.seconds();
    costs.push_back(std::move(cost));
  };
  for (const auto& step : work.workspace().plan().steps()) {
    const auto &is = now.nodes[step.node], &was = before.nodes[step.node];
    add(cost_of(work, step), is.forward - was.forward, is.backward - was.backward);
  }
  for (std::size_t i = 0; i < now.parts.size(); ++i)
    add({.name = now.parts[i].name}, now.parts[i].seconds - before.parts[i].seconds, 0);
  costs.push_back({.name = "everything else", .forward_seconds = std::max(rest, 0.0)});
  return costs;
}

std::string algorithms_of(const Work& work) {
  std::vector<std::string> names;
  for (const auto& step : work.workspace().plan().steps()) {
    const auto name = algorithm_of(work, step);
    if (!name.empty() && std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

} // namespace mien::cli
