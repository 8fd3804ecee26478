// SPDX-License-Identifier: Apache-2.0
// A model's layers as it was built from them.
#pragma once

#include "mien/nn/model.hpp"

#include <string>
#include <vector>

namespace mien {

/// The layers with their names and inputs, to build a model of the same form.
[[nodiscard]] inline std::vector<LayerSpec> layer_specs(const Model& model) {
  std::vector<LayerSpec> layers;
  for (const auto& node : model.nodes()) {
    std::vector<std::string> inputs;
    for (const auto i : node.inputs) inputs.push_back(i == 0 ? "input" : model.nodes()[i - 1].name);
    layers.emplace_back(node.layer, node.name, inputs);
  }
  return layers;
}

} // namespace mien
