// SPDX-License-Identifier: Apache-2.0
// How a model is run: the steps and where each keeps its numbers.
#pragma once

#include "mien/nn/model.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mien {

/// What a plan is made for.
struct PlanOptions {
  std::int64_t batch = 1; ///< the most pictures in one pass
  bool training = false;  ///< whether backward() will follow forward()
  /// Whether parameters will rest: then pack_parameters() packs them once, and a workspace wants its result.
  bool constant = false;
  /// Of a training: whether each of the model's nodes stays as it is, a batch normalisation on its moving statistics.
  /// Empty: none does. Below the first layer that is trained no gradient is computed.
  std::vector<bool> frozen{};
  /// Of a training: whether backward() goes back as far as the model's input, for Workspace::input_gradient().
  bool input_gradient = false;
  /// Where layers that can compute in several ways begin their list: `direct` passes over what stands before it. Empty:
  /// at its head.
  std::string algorithm{};
};

/// The steps of one model and the layout of the memory they share; made once, read by every Workspace.
///
/// A layer takes a step, a view none, and some layers share one: a convolution and the pooling and dropout behind it.
/// Values that are not needed at the same time share memory: activations only where no way back will read them, their
/// gradients always.
class Plan {
public:
  /// Where a layer's input or output lies: offsets into the workspace's activations and gradients, in floats.
  struct Value {
    Shape shape; ///< of one picture
    std::size_t activation = 0;
    std::size_t gradient = 0;
    bool wants_gradient = false; ///< not the pictures themselves, unless asked for
    bool adds = false;           ///< on the way back another reader has written before: add to it
    std::size_t spare = 0;       ///< and where the part to be added is written before, in spare floats
  };
  struct Step {
    LayerPtr layer;            ///< what runs: the node's, or one that does the work of several
    std::size_t node = 0;      ///< index into the model's nodes; its parameters are the step's
    std::size_t last_node = 0; ///< of those that run as one
    std::vector<Value> inputs;
    Value output;
    std::size_t kept = 0;        ///< where the numbers lie that forward leaves for backward, in floats
    std::size_t kept_floats = 0; ///< and how many there are
    std::size_t packed = 0;      ///< where its packed parameters lie, in floats: the same in plans of any batch
    std::size_t packed_floats = 0;
    double work = 0;        ///< for one picture, in operations: an element written counts as eight
    double fixed_work = 0;  ///< and for any number of them: so does a parameter read
    bool trained = false;   ///< in a training, and not frozen
    bool goes_back = false; ///< whether backward has anything to do here
  };

  /// Throws Error if the batch is below 1 or takes more memory than can be addressed.
  Plan(const Model& model, const PlanOptions& options);

  [[nodiscard]] const PlanOptions& options() const noexcept { return options_; }
  /// The kernel set that it was made for: algorithms and packed parameters are that set's.
  [[nodiscard]] std::string_view kernels() const noexcept { return kernels_; }
  [[nodiscard]] std::span<const Step> steps() const noexcept { return steps_; }
  [[nodiscard]] const Value& input() const noexcept { return input_; }
  [[nodiscard]] const Value& output() const noexcept { return output_; }
  [[nodiscard]] std::span<const Shape> parameter_shapes() const noexcept { return parameter_shapes_; }
  [[nodiscard]] std::size_t activation_floats() const noexcept { return activation_floats_; }
  [[nodiscard]] std::size_t gradient_floats() const noexcept { return gradient_floats_; }
  /// Room for the gradients of one step that are to be added to others; 0 where every value has one reader.
  [[nodiscard]] std::size_t spare_floats() const noexcept { return spare_floats_; }
  /// Room for what forward passes leave for backward ones beside the activations.
  [[nodiscard]] std::size_t kept_floats() const noexcept { return kept_floats_; }
  /// Room for packed parameters.
  [[nodiscard]] std::size_t packed_floats() const noexcept { return packed_floats_; }
  [[nodiscard]] const Scratch& scratch() const noexcept { return scratch_; }

private:
  void add_step(Step step);
  void mark_additions();

  PlanOptions options_;
  std::string_view kernels_;
  Value input_;
  Value output_;
  std::vector<Step> steps_;
  std::vector<Shape> parameter_shapes_;
  std::size_t activation_floats_ = 0;
  std::size_t gradient_floats_ = 0;
  std::size_t spare_floats_ = 0;
  std::size_t kept_floats_ = 0;
  std::size_t packed_floats_ = 0;
  Scratch scratch_;
};

/// Parameters in the form that a plan's steps would rather have.
struct PackedParameters {
  Tensor values;
  std::string_view kernels; ///< the set that can read them
};

/// Packs a model's parameters once for many runs of a model that does not change, by workspaces with plans of any batch
/// and the same other options.
[[nodiscard]] PackedParameters pack_parameters(const Model& model, const Plan& plan, int threads);

} // namespace mien
