// SPDX-License-Identifier: Apache-2.0
#include "mien/nn/transfer.hpp"

#include "lib/nn/layer_specs.hpp"
#include "mien/core/error.hpp"

#include <algorithm>

namespace mien {
namespace {

bool fits(const std::string& pattern, const std::string& name) {
  return pattern.ends_with('*') ? name.starts_with(pattern.substr(0, pattern.size() - 1)) : name == pattern;
}

bool has_parameters(const Model::Node& node) { return node.parameter_count > 0; }

/// The nodes that have something to freeze.
std::string names_of(const Model& model) {
  std::string names;
  for (const auto& node : model.nodes())
    if (has_parameters(node)) names += (names.empty() ? "" : ", ") + node.name;
  return names;
}

} // namespace

Model with_new_classes(const Model& model, std::int64_t classes, std::uint64_t seed) {
  const auto nodes = model.nodes();
  const auto& last = nodes.back();
  if (last.layer->type() != "Dense")
    throw Error(concat("the network ends with ", last.name, " (", last.layer->type(), "), not with a Dense: its ",
                       model.output_shape(), " outputs cannot be changed for ", classes, " classes"));
  if (classes < 2) throw Error(concat("network: ", classes, " classes asked for, at least 2 are needed"));
  auto layers = layer_specs(model);
  auto settings = last.layer->settings();
  settings["units"] = classes;
  layers.back().layer = make_layer("Dense", settings);
  Model result(model.input_shape(), layers, seed);
  for (std::size_t i = 0; i < last.first_parameter; ++i) result.parameters()[i] = model.parameters()[i];
  return result;
}

std::vector<bool> frozen_nodes(const Model& model, std::span<const std::string> names) {
  const auto nodes = model.nodes();
  std::vector<bool> frozen(nodes.size(), false);
  const auto last = std::ranges::find_if(nodes.rbegin(), nodes.rend(), has_parameters);
  const auto features = static_cast<std::size_t>(std::ranges::distance(last, nodes.rend())) - 1;
  for (const auto& name : names) {
    bool any = false;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (!(name == "features" ? i < features : fits(name, nodes[i].name))) continue;
      frozen[i] = any = true;
    }
    if (!any)
      throw Error(concat("freeze: no layer is named \"", name, "\"; there are ", names_of(model), ", and features"));
  }
  const auto left = [&](std::size_t i) { return has_parameters(nodes[i]) && !frozen[i]; };
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (left(i)) return frozen;
  throw Error("freeze: every layer is frozen, so nothing is left to train; name fewer layers");
}

std::vector<bool> frozen_parameters(const Model& model, const std::vector<bool>& frozen_nodes) {
  std::vector<bool> frozen;
  for (std::size_t i = 0; i < model.nodes().size(); ++i)
    frozen.insert(frozen.end(), model.nodes()[i].parameter_count, frozen_nodes[i]);
  return frozen;
}

} // namespace mien
