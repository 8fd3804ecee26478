// SPDX-License-Identifier: Apache-2.0
#include "mien/nn/model.hpp"

#include "mien/core/error.hpp"

#include <cctype>
#include <map>
#include <string_view>

namespace mien {
namespace {

/// Keras's name of an unnamed layer: the type in snake case, numbered from the second on.
class Names {
public:
  std::string name(std::string_view type, const std::string& wanted) {
    std::string name = wanted;
    if (name.empty()) {
      const auto base = snake_case(type);
      const int before = count_[base]++;
      name = before == 0 ? base : concat(base, "_", before);
    }
    if (name == "input") throw Error("model: a layer cannot be named input, that is the picture");
    if (!taken_.emplace(name, taken_.size() + 1).second) throw Error(concat("model: two layers are named ", name));
    return name;
  }

  /// 0 is the model's input, which is called `input`; i + 1 is the i-th layer.
  std::size_t index(const std::string& name) const {
    if (name == "input") return 0;
    const auto found = taken_.find(name);
    if (found == taken_.end()) throw Error(concat("there is no earlier layer named ", name));
    return found->second;
  }

private:
  static std::string snake_case(std::string_view type) {
    std::string text;
    for (std::size_t i = 0; i < type.size(); ++i) {
      const auto is = [&](std::size_t at, int (*test)(int)) { return test(static_cast<unsigned char>(type[at])) != 0; };
      const bool word_begins = i > 0 && is(i, std::isupper) && is(i - 1, std::islower);
      if (word_begins) text += '_';
      text += static_cast<char>(std::tolower(static_cast<unsigned char>(type[i])));
    }
    return text;
  }

  std::map<std::string, int> count_;
  std::map<std::string, std::size_t> taken_;
};

std::vector<Model::Node> build(const Shape& input, const std::vector<LayerSpec>& layers,
                               std::vector<ParameterSpec>& specs) {
  if (layers.empty()) throw Error("model: it needs at least one layer");
  std::vector<Model::Node> nodes;
  std::vector<int> readers(layers.size() + 1, 0);
  Names names;
  for (const auto& spec : layers) {
    if (spec.layer == nullptr) throw Error(concat("model: layer ", nodes.size(), " is null"));
    Model::Node node{.layer = spec.layer, .name = {}, .inputs = {}, .output = {}};
    try {
      for (const auto& name : spec.inputs) node.inputs.push_back(names.index(name));
      if (node.inputs.empty()) node.inputs.push_back(nodes.size());
      node.name = names.name(spec.layer->type(), spec.name);
      std::vector<Shape> shapes;
      for (const auto i : node.inputs) {
        shapes.push_back(i == 0 ? input : nodes[i - 1].output);
        ++readers[i];
      }
      node.output = spec.layer->output_shape(shapes);
      node.first_parameter = specs.size();
      for (auto& parameter : spec.layer->parameters(shapes)) {
        parameter.name = node.name + "/" + parameter.name;
        specs.push_back(std::move(parameter));
      }
      node.parameter_count = specs.size() - node.first_parameter;
    } catch (const Error& error) {
      throw Error(concat("model, layer ", nodes.size() + 1, node.name.empty() ? "" : " (" + node.name + ")", ": ",
                         error.what()));
    }
    nodes.push_back(std::move(node));
  }
  for (std::size_t i = 0; i + 1 < nodes.size(); ++i) {
    if (readers[i + 1] == 0) throw Error(concat("model: nobody reads the output of layer ", nodes[i].name));
  }
  return nodes;
}

} // namespace

Model::Model(const Shape& input, const std::vector<LayerSpec>& layers, std::uint64_t seed) : input_(input) {
  std::vector<ParameterSpec> specs;
  nodes_ = build(input, layers, specs);
  for (const auto& spec : specs) {
    Parameter parameter{.name = spec.name, .value = Tensor(spec.shape), .role = spec.role, .rate = spec.rate};
    const Rng rng(seed, Purpose::weights, 0, static_cast<std::uint32_t>(parameters_.size()));
    initialize(parameter.value, spec.initializer, spec.fan_in, spec.fan_out, rng);
    parameters_.push_back(std::move(parameter));
  }
}

Model::Model(const Shape& input, const std::vector<LayerSpec>& layers, std::vector<Parameter> parameters)
    : input_(input) {
  std::vector<ParameterSpec> specs;
  nodes_ = build(input, layers, specs);
  std::map<std::string_view, Parameter*> given;
  for (auto& parameter : parameters) {
    if (!given.emplace(parameter.name, &parameter).second) {
      throw Error(concat("model: the parameter ", parameter.name, " is given twice"));
    }
  }
  for (const auto& spec : specs) {
    const auto found = given.find(spec.name);
    if (found == given.end()) throw Error(concat("model: the parameter ", spec.name, " (", spec.shape, ") is missing"));
    auto& value = found->second->value;
    if (value.shape() != spec.shape || value.dtype() != DType::f32) {
      throw Error(concat("model: the parameter ", spec.name, " is ", value.shape(), " ", mien::name_of(value.dtype()),
                         ", the network needs ", spec.shape, " f32"));
    }
    parameters_.push_back({.name = spec.name, .value = std::move(value), .role = spec.role, .rate = spec.rate});
    given.erase(found);
  }
  if (!given.empty()) throw Error(concat("model: the network has no parameter ", given.begin()->first));
}

std::int64_t Model::parameter_count() const noexcept {
  std::int64_t sum = 0;
  for (const auto& parameter : parameters_) sum += parameter.value.shape().size();
  return sum;
}

std::int64_t Model::parameter_count(ParameterRole role) const noexcept {
  std::int64_t sum = 0;
  for (const auto& parameter : parameters_) sum += parameter.role == role ? parameter.value.shape().size() : 0;
  return sum;
}

std::int64_t Model::parameter_count(const Node& node) const noexcept {
  std::int64_t sum = 0;
  for (const auto& parameter : parameters().subspan(node.first_parameter, node.parameter_count))
    sum += parameter.value.shape().size();
  return sum;
}

std::vector<Shape> Model::input_shapes(const Node& node) const {
  std::vector<Shape> shapes;
  for (const auto i : node.inputs) shapes.push_back(i == 0 ? input_ : nodes_[i - 1].output);
  return shapes;
}

} // namespace mien
