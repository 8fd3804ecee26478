// SPDX-License-Identifier: Apache-2.0
#include "mien/nn/flop.hpp"

#include <string_view>

namespace mien {
namespace {

bool multiplies(std::string_view type) { return type == "Conv2D" || type == "DepthwiseConv2D" || type == "Dense"; }

} // namespace

Flop flop_of(const Model& model, const Model::Node& node) {
  if (!multiplies(node.layer->type())) return {};
  const auto& kernel = model.parameters()[node.first_parameter].value;
  const bool is_picture = node.output.rank() == 3;
  const auto places = static_cast<double>(is_picture ? node.output[0] * node.output[1] : 1);
  const double forward = 2 * places * static_cast<double>(kernel.size());
  return {.forward = forward, .backward = node.inputs[0] == 0 ? forward : 2 * forward};
}

Flop flop_of(const Model& model) {
  Flop sum;
  for (const auto& node : model.nodes()) {
    const auto one = flop_of(model, node);
    sum.forward += one.forward;
    sum.backward += one.backward;
  }
  return sum;
}

} // namespace mien
