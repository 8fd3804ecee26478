// SPDX-License-Identifier: Apache-2.0
// How a model is run: the steps and where each keeps its numbers.
#pragma once

#include "mien/nn/model.hpp"

#include <cstdint>
#include <vector>

namespace mien {

/// What a plan is made for.
struct PlanOptions {
  std::int64_t batch = 1; ///< the most pictures in one pass
  bool training = false;  ///< whether backward() will follow forward()
};

/// The steps of one model and the layout of the memory they share; made once, read by every Workspace.
///
/// Its first version takes one step a layer. Activations whose readers have run are overwritten by later ones, in
/// training only after the way back.
class Plan {
public:
  struct Step {
    std::size_t node = 0;
    std::size_t activation = 0; ///< offset of its output in the workspace's activations, in floats
    std::size_t gradient = 0;   ///< offset of that output's derivative (training)
  };

  Plan(const Model& model, const PlanOptions& options);

  [[nodiscard]] const PlanOptions& options() const noexcept { return options_; }
  [[nodiscard]] std::span<const Step> steps() const noexcept { return steps_; }
  [[nodiscard]] const Shape& input_shape() const noexcept { return input_; }
  [[nodiscard]] std::size_t activation_floats() const noexcept { return activation_floats_; }
  [[nodiscard]] std::size_t gradient_floats() const noexcept { return gradient_floats_; }
  [[nodiscard]] const std::vector<Shape>& parameter_shapes() const noexcept { return parameter_shapes_; }
  [[nodiscard]] const ScratchSpec& scratch() const noexcept { return scratch_; }

private:
  PlanOptions options_;
  Shape input_;
  std::vector<Step> steps_;
  std::vector<Shape> parameter_shapes_;
  std::size_t activation_floats_ = 0;
  std::size_t gradient_floats_ = 0;
  ScratchSpec scratch_;
};

} // namespace mien
