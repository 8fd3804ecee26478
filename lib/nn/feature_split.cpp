// SPDX-License-Identifier: Apache-2.0
#include "mien/nn/feature_split.hpp"

#include "lib/nn/layer_specs.hpp"
#include "mien/core/error.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace mien {
namespace {

bool is_convolution(const Model::Node& node) {
  return node.layer->type() == "Conv2D" || node.layer->type() == "DepthwiseConv2D";
}

/// Whether everything behind node `last` reads nothing from before it but its output.
bool hands_on_one_value(const Model& model, std::size_t last) {
  return std::ranges::all_of(model.nodes().subspan(last + 1), [&](const Model::Node& node) {
    return std::ranges::all_of(node.inputs, [&](std::size_t input) { return input >= last + 1; });
  });
}

/// The last node whose output is the last feature map.
std::size_t last_feature_node(const Model& model) {
  const auto nodes = model.nodes();
  std::optional<std::size_t> convolution, found;
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (is_convolution(nodes[i])) convolution = i;
  if (!convolution) throw Error("feature split: the network has no convolution, and so no map of where it looks");
  const auto& map = nodes[*convolution].output;
  for (std::size_t i = *convolution; i + 1 < nodes.size(); ++i) {
    const auto& here = nodes[i].output;
    const bool same_extents = here.rank() == 3 && here[0] == map[0] && here[1] == map[1];
    if (same_extents && hands_on_one_value(model, i)) found = i;
  }
  if (!found)
    throw Error(concat("feature split: behind `", nodes[*convolution].name,
                       "`, the last convolution, there is no place where one map alone is handed on; expected a layer "
                       "that all later ones read"));
  return *found;
}

/// The nodes from `first` to `last` as a model of their own; without dropout if asked for.
Model part_of(const Model& model, std::size_t first, std::size_t last, bool without_dropout) {
  const auto nodes = model.nodes();
  std::vector<std::string> names(nodes.size() + 1, "input"); // of the node that gives a value now
  std::vector<LayerSpec> layers;
  std::vector<Parameter> parameters;
  for (std::size_t i = first; i <= last; ++i) {
    const auto& node = nodes[i];
    if (without_dropout && node.layer->type() == "Dropout") {
      names[i + 1] = names[node.inputs[0]];
      continue;
    }
    names[i + 1] = node.name;
    std::vector<std::string> inputs;
    for (const auto input : node.inputs) inputs.push_back(names[input]);
    layers.emplace_back(node.layer, node.name, inputs);
    const auto own = model.parameters().subspan(node.first_parameter, node.parameter_count);
    parameters.insert(parameters.end(), own.begin(), own.end());
  }
  return {first == 0 ? model.input_shape() : nodes[first - 1].output, layers, std::move(parameters)};
}

} // namespace

FeatureSplit split_at_features(const Model& model) {
  const auto last = last_feature_node(model);
  return {part_of(model, 0, last, false), part_of(model, last + 1, model.nodes().size() - 1, true)};
}

Model with_random_weights(const Model& model, std::uint64_t seed) {
  return {model.input_shape(), layer_specs(model), seed};
}

} // namespace mien
