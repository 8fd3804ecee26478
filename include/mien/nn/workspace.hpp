// SPDX-License-Identifier: Apache-2.0
// Everything that running a model writes.
#pragma once

#include "mien/core/tensor.hpp"
#include "mien/nn/model.hpp"
#include "mien/nn/plan.hpp"

#include <memory>
#include <span>
#include <vector>

namespace mien {

/// The memory of one run at a time: activations, gradients, scratch. Made once for a plan; running allocates nothing.
///
/// One workspace belongs to one thread of the caller at a time and uses up to `threads` threads itself;
/// its results do not depend on how many. It takes the model at each call, so a model
/// may be trained between calls.
class Workspace {
public:
  explicit Workspace(Plan plan, int threads = 1);
  /// For a model that does not change, with what pack_parameters() has made of it: shared with other workspaces.
  Workspace(Plan plan, int threads, std::shared_ptr<const PackedParameters> packed);

  [[nodiscard]] const Plan& plan() const noexcept { return plan_; }
  [[nodiscard]] int threads() const noexcept { return threads_; }

  /// Where the first `n` pictures of a batch go before forward(). n is at most the plan's batch.
  [[nodiscard]] View<float> input(std::int64_t n);

  /// Runs the first `n` pictures through `model` and returns its output, valid until the next call.
  /// Draws are needed where the plan is for training. Throws Error if n, the model or the kernel set in use does not
  /// fit the plan.
  [[nodiscard]] View<const float> forward(const Model& model, std::int64_t n, const Draws& draws = {});

  /// After forward() with the same arguments: where the caller writes the loss's derivative by the output.
  [[nodiscard]] View<float> output_gradient(std::int64_t n);

  /// Goes back through the network, adding to gradients(). Needs a plan for training and output_gradient() filled.
  void backward(const Model& model, std::int64_t n, const Draws& draws = {});

  /// After backward() with the same n: the loss's derivative by the input, valid until the next forward(). Throws Error
  /// unless the plan is for training, with PlanOptions::input_gradient.
  [[nodiscard]] View<const float> input_gradient(std::int64_t n);

  /// The loss's derivative by each parameter, in the model's order.
  [[nodiscard]] std::span<const View<float>> gradients() noexcept { return gradient_views_; }
  /// Belongs before forward(), which adds what statistics exceed the measured ones by; backward() adds derivatives.
  void zero_gradients();

  /// Seconds that a node of the model has taken so far, and how often it ran.
  struct NodeTime {
    double forward = 0, backward = 0;
    std::int64_t forwards = 0, backwards = 0;
  };
  /// Of every node in the model's order, as far as the last one that runs.
  [[nodiscard]] std::span<const NodeTime> times() const noexcept { return times_; }

  /// Bytes that this workspace holds.
  [[nodiscard]] std::size_t bytes() const noexcept;

private:
  void expect(const Model& model, std::int64_t n) const;
  [[nodiscard]] int workers(const Plan::Step& step, std::int64_t n) const;
  [[nodiscard]] std::span<const float> packed_of(const Plan::Step& step);
  void bind(const Model& model, const Plan::Step& step, std::int64_t n);
  [[nodiscard]] std::span<const View<float>> gradients_of(const Model::Node& node) const;

  Plan plan_;
  int threads_;
  Tensor activations_;
  Tensor activation_gradients_;
  Tensor parameter_gradients_;
  Tensor scratch_;
  Tensor spare_;
  Tensor kept_;
  std::shared_ptr<const PackedParameters> shared_packed_; ///< or null: then packed_ is written before each step
  Tensor packed_;
  std::vector<NodeTime> times_;
  std::vector<View<float>> gradient_views_;
  // The operands of the step being run: kept, so that running allocates nothing.
  std::vector<View<const float>> x_;
  std::vector<View<float>> dx_;
  std::vector<View<const float>> parameters_;
  std::vector<Shape> shapes_;
};

} // namespace mien
