// SPDX-License-Identifier: Apache-2.0
// A network: layers in the order they run, and their parameters.
#pragma once

#include "mien/core/tensor.hpp"
#include "mien/nn/layer.hpp"

#include <concepts>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mien {

/// A layer's place in a model. No name: `conv2d`, `conv2d_1`, ... as Keras counts. No inputs: the layer before.
struct LayerSpec {
  LayerSpec(LayerPtr the_layer, std::string the_name = {}, std::vector<std::string> the_inputs = {})
      : layer(std::move(the_layer)), name(std::move(the_name)), inputs(std::move(the_inputs)) {}
  /// A layer of the user's own, as std::make_shared returns it.
  template <std::derived_from<Layer> L> LayerSpec(std::shared_ptr<L> l) : layer(std::move(l)) {}

  LayerPtr layer;
  std::string name;
  std::vector<std::string> inputs;
};

/// A parameter of a model: `conv2d/kernel`.
struct Parameter {
  std::string name;
  Tensor value;
  ParameterRole role = ParameterRole::trained; ///< the layer's, whoever gives the value, as is
  float rate = 1;                              ///< of a statistic: see ParameterSpec

  friend bool operator==(const Parameter&, const Parameter&) = default;
};

/// Layers in the order they run and the parameters they use; a value, whose copies share nothing that changes.
///
/// The architecture never changes. Parameters change only through the non-const parameters(), which
/// training uses; any number of threads may run one const Model, each with a Workspace of its own.
class Model {
public:
  /// One step of the network: a layer, where its inputs come from, and which parameters are its own.
  struct Node {
    LayerPtr layer;
    std::string name;
    std::vector<std::size_t> inputs; ///< 0 is the model's input, i + 1 is node i's output
    Shape output;                    ///< of one picture
    std::size_t first_parameter = 0;
    std::size_t parameter_count = 0;
  };

  /// Builds and initialises. Throws Error, naming the layer, if shapes do not fit or a name is unknown or used twice.
  Model(const Shape& input, const std::vector<LayerSpec>& layers, std::uint64_t seed = 1);
  /// Builds with these parameters, f32 and in any order, instead of initial ones: nothing is drawn or copied.
  /// Throws Error too if one is missing, unknown, given twice, of another shape or not f32.
  Model(const Shape& input, const std::vector<LayerSpec>& layers, std::vector<Parameter> parameters);

  [[nodiscard]] const Shape& input_shape() const noexcept { return input_; }
  [[nodiscard]] const Shape& output_shape() const noexcept { return nodes_.back().output; }
  [[nodiscard]] std::span<const Node> nodes() const noexcept { return nodes_; }
  [[nodiscard]] std::span<const Parameter> parameters() const noexcept { return parameters_; }
  [[nodiscard]] std::span<Parameter> parameters() noexcept { return parameters_; }
  [[nodiscard]] std::int64_t parameter_count() const noexcept; ///< elements of all parameters, statistics too
  [[nodiscard]] std::int64_t parameter_count(ParameterRole role) const noexcept;
  [[nodiscard]] std::int64_t parameter_count(const Node& node) const noexcept; ///< elements of one node's parameters
  /// The shapes that feed a node, of one picture.
  [[nodiscard]] std::vector<Shape> input_shapes(const Node& node) const;

  /// The table that Keras's model.summary() prints: layer (type), output shape, parameters; and where some
  /// are statistics, how many are trainable.
  [[nodiscard]] std::string summary() const;

private:
  Shape input_;
  std::vector<Node> nodes_;
  std::vector<Parameter> parameters_;
};

} // namespace mien
