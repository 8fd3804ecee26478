// SPDX-License-Identifier: Apache-2.0
// What every layer is to the model that holds it.
#pragma once

#include "mien/core/shape.hpp"
#include "mien/core/tensor.hpp"
#include "mien/nn/initializer.hpp"
#include "mien/ops/scratch.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mien {

/// A layer's settings as a model file keeps them: `{"filters": 32, "padding": "valid", ...}`, Keras's names.
using Setting = std::variant<std::int64_t, double, std::string, bool>;
using Settings = std::map<std::string, Setting>;

/// How a training changes a parameter.
enum class ParameterRole : std::uint8_t {
  trained,   ///< by the optimiser, against its gradient
  statistic, ///< measured on the way: its "gradient" is what it exceeds the measured value by: `w -= rate g`
};

/// A tensor that training adjusts: what a layer asks for, and what the model then holds under `<layer>/<name>`.
struct ParameterSpec {
  std::string name; ///< `kernel`, `bias`
  Shape shape;
  Initializer initializer = Initializer::zeros;
  std::int64_t fan_in = 1;  ///< how many inputs feed one output
  std::int64_t fan_out = 1; ///< how many outputs one input feeds
  ParameterRole role = ParameterRole::trained;
  float rate = 1; ///< of a statistic: the share of a difference that one step takes off
};

/// What random layers draw from: a draw depends on these and on the element's place, never on thread or batch.
struct Draws {
  std::uint64_t seed = 0;
  std::uint32_t epoch = 0;
  std::span<const std::uint32_t> samples{}; ///< the picture that each row of the batch shows
};

/// One pass forward. Views are batched: N pictures in front.
struct ForwardPass {
  std::span<const View<const float>> x; ///< one an input
  View<float> y;                        ///< overwritten
  std::span<const View<const float>> parameters;
  std::span<const View<float>> gradients; ///< while trained: a statistic's are added to here, see ParameterRole
  std::span<float> scratch;               ///< as scratch() asked: shared block first, then one a worker
  std::span<float> kept;                  ///< as kept() asked: what backward() will find again
  std::span<const float> packed{};        ///< the parameters as pack() has left them, or nothing
  Draws draws;
  std::uint32_t layer_index = 0;
  int threads = 1;
  bool training = false; ///< whether this layer is being trained: false in inference, and where it is frozen
};

/// One pass backward: what ForwardPass saw, and the gradients.
struct BackwardPass {
  std::span<const View<const float>> x;
  View<const float> y;
  View<float> dy;                  ///< the loss's derivative by y; the layer may overwrite it
  std::span<const View<float>> dx; ///< overwritten; data() is null where nobody wants it
  std::span<const View<const float>> parameters;
  std::span<const View<float>> gradients; ///< accumulated into
  std::span<float> scratch;
  std::span<float> kept;
  Draws draws;
  std::uint32_t layer_index = 0;
  int threads = 1;
  bool training = true; ///< false where the layer is frozen: then nobody reads its gradients
};

/// A function of tensors with settings and parameters. Immutable; holds neither parameters nor scratch, and never
/// allocates.
///
/// Shapes given to output_shape and parameters are those of one picture, without the batch.
class Layer {
public:
  virtual ~Layer() = default;
  [[nodiscard]] virtual std::string_view type() const noexcept = 0; ///< Keras's class name: `Conv2D`
  [[nodiscard]] virtual Settings settings() const = 0;
  /// Throws Error if the layer cannot take these inputs.
  [[nodiscard]] virtual Shape output_shape(std::span<const Shape> inputs) const = 0;
  [[nodiscard]] virtual std::vector<ParameterSpec> parameters(std::span<const Shape> inputs) const;
  /// Whether the output is the input under another shape at most: then the two share memory and no pass is run.
  [[nodiscard]] virtual bool is_view(bool /*training*/) const noexcept { return false; }
  /// Scratch that one pass over a batch needs; these inputs are batched.
  [[nodiscard]] virtual Scratch scratch(std::span<const Shape> inputs, bool training) const;
  /// Floats that forward() leaves for backward() beside inputs and output; these inputs are batched.
  [[nodiscard]] virtual std::size_t kept(std::span<const Shape> inputs) const;
  /// Floats of parameters in the form that forward() would rather have; these inputs are batched. Constant parameters
  /// are packed once for all, others before each forward pass.
  [[nodiscard]] virtual std::size_t packed(std::span<const Shape> inputs, bool constant) const;
  /// Writes them.
  virtual void pack(std::span<float> to, std::span<const View<const float>> parameters, std::span<const Shape> inputs,
                    int threads) const;

  /// A layer that does in one pass what this one and then `next`, which has no parameters, do; null if there is none.
  [[nodiscard]] virtual std::shared_ptr<const Layer> followed_by(const Layer& next,
                                                                 std::span<const Shape> inputs) const;
  /// This layer with its list of algorithms begun at `algorithm`; null if it has no such list.
  [[nodiscard]] virtual std::shared_ptr<const Layer> beginning_with(std::string_view algorithm) const;

  /// The name of the algorithm that passes over these inputs, which are batched, take on the kernel set in use; empty
  /// where there is only one way to compute.
  [[nodiscard]] virtual std::string_view algorithm(std::span<const Shape> inputs) const;
  virtual void forward(const ForwardPass& pass) const = 0;
  virtual void backward(const BackwardPass& pass) const = 0;
};

/// Layers are immutable, so copies of a model share them.
using LayerPtr = std::shared_ptr<const Layer>;

/// A layer from what a model file keeps of it. Throws Error for an unknown type or setting, naming those there are.
[[nodiscard]] LayerPtr make_layer(std::string_view type, const Settings& settings);

} // namespace mien
