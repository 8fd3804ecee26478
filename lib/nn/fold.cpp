// SPDX-License-Identifier: Apache-2.0
#include "mien/nn/fold.hpp"

#include "mien/nn/layers.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string_view>

namespace mien {
namespace {

bool is_scalable(std::string_view type) { return type == "Conv2D" || type == "DepthwiseConv2D" || type == "Dense"; }

/// The node whose weights can take up this batch normalisation.
std::optional<std::size_t> taker(const Model& model, const Model::Node& norm) {
  if (norm.layer->type() != "BatchNormalization" || norm.inputs[0] == 0) return {};
  const auto nodes = model.nodes();
  const auto before = norm.inputs[0] - 1;
  std::ptrdiff_t readers = 0;
  for (const auto& node : nodes) readers += std::ranges::count(node.inputs, norm.inputs[0]);
  const auto& layer = *nodes[before].layer;
  if (readers != 1 || !is_scalable(layer.type())) return {};
  const auto settings = layer.settings();
  const auto activation = settings.find("activation");
  if (activation != settings.end() && activation->second != Setting("linear")) return {};
  return before;
}

/// What a normalisation does to channel c: y = scale x + shift.
struct Affine {
  std::vector<float> scale, shift;
};

Affine affine_of(const Model& model, const Model::Node& norm) {
  const auto values = [&](std::size_t i) { return model.parameters()[norm.first_parameter + i].value.view<float>(); };
  const auto gamma = values(0), beta = values(1), mean = values(2), variance = values(3);
  const auto epsilon = std::get<double>(norm.layer->settings().at("epsilon"));
  Affine affine;
  for (std::size_t c = 0; c < gamma.size(); ++c) {
    const double scale = double{gamma[c]} / std::sqrt(double{variance[c]} + epsilon);
    affine.scale.push_back(static_cast<float>(scale));
    affine.shift.push_back(static_cast<float>(double{beta[c]} - double{mean[c]} * scale));
  }
  return affine;
}

/// The parameters of a node after the normalisation's have gone into them.
void fold_into(std::vector<Parameter>& parameters, const Model& model, const Model::Node& node, const Affine& affine) {
  const auto channels = affine.scale.size();
  Tensor kernel = model.parameters()[node.first_parameter].value;
  Tensor bias(Shape{static_cast<std::int64_t>(channels)});
  if (node.parameter_count > 1) bias = model.parameters()[node.first_parameter + 1].value;
  auto weights = kernel.view<float>();
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] *= affine.scale[i % channels];
  auto offsets = bias.view<float>();
  for (std::size_t c = 0; c < channels; ++c) offsets[c] = offsets[c] * affine.scale[c] + affine.shift[c];
  parameters.push_back({.name = model.parameters()[node.first_parameter].name, .value = std::move(kernel)});
  parameters.push_back({.name = node.name + "/bias", .value = std::move(bias)});
}

bool has_activation(const Layer& layer) { return layer.settings().contains("activation"); }

/// The layer with a bias and, if it can have one, the normalisation's activation.
LayerPtr taking(const Layer& layer, const Layer& norm) {
  auto settings = layer.settings();
  if (has_activation(layer)) settings["activation"] = norm.settings().at("activation");
  settings.erase("use_bias"); // true by default: there is one now
  return make_layer(layer.type(), settings);
}

bool is_relu(const Layer& norm) { return norm.settings().at("activation") == Setting("relu"); }

} // namespace

Model fold_batch_normalization(const Model& model) {
  const auto nodes = model.nodes();
  std::map<std::size_t, const Model::Node*> norms; // by the node that takes them up
  std::set<const Model::Node*> taken;
  for (const auto& node : nodes) {
    const auto before = taker(model, node);
    if (before && taken.insert(&node).second) norms[*before] = &node;
  }
  if (norms.empty()) return model;

  std::vector<std::string> names{"input"}; // of the node that gives a value now
  std::vector<LayerSpec> layers;
  std::vector<Parameter> parameters;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto& node = nodes[i];
    if (taken.contains(&node)) {
      const auto& before = nodes[node.inputs[0] - 1];
      names.push_back(before.name);
      if (has_activation(*before.layer) || !is_relu(*node.layer)) continue;
      layers.emplace_back(relu(), node.name, std::vector{before.name});
      names.back() = node.name;
      continue;
    }
    names.push_back(node.name);
    std::vector<std::string> inputs;
    for (const auto input : node.inputs) inputs.push_back(names[input]);
    const auto norm = norms.find(i);
    if (norm == norms.end()) {
      layers.emplace_back(node.layer, node.name, inputs);
      for (const auto& parameter : model.parameters().subspan(node.first_parameter, node.parameter_count))
        parameters.push_back(parameter);
    } else {
      layers.emplace_back(taking(*node.layer, *norm->second->layer), node.name, inputs);
      fold_into(parameters, model, node, affine_of(model, *norm->second));
    }
  }
  return {model.input_shape(), layers, std::move(parameters)};
}

} // namespace mien
