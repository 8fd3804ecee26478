// SPDX-License-Identifier: Apache-2.0
// Batch normalisation in training mode and in inference, and what Keras makes of it.
#include "mien/nn/fold.hpp"
#include "mien/nn/layers.hpp"
#include "tests/golden/fixture.hpp"
#include "tests/support/close.hpp"
#include "tests/support/kernel_sets.hpp"
#include "tests/support/training.hpp"

#include <cmath>

using namespace mien;
using namespace mien::test;

namespace {

/// The network of make_modern_fixtures.py's normalised(); where Keras has a layer ReLU, some here are part of another.
Model normalised(const Fixture& fixture) {
  const auto conv = [](std::int64_t filters) {
    return conv2d({.filters = filters, .padding = Padding::same, .use_bias = false});
  };
  constexpr auto relu_too = Activation::relu;
  return fixture.model({10, 9, 2},
                       {
                           conv(6),
                           batch_normalization({.momentum = 0.75, .epsilon = 0.015625}),
                           {relu(), "way"},
                           conv(7),
                           batch_normalization({.activation = relu_too}),
                           conv(6),
                           batch_normalization({.momentum = 0.5}),
                           {add(), "sum", {"batch_normalization_2", "way"}},
                           relu(),
                           depthwise_conv2d({.strides = {2, 2}, .padding = Padding::same, .use_bias = false}),
                           batch_normalization({.momentum = 0.75, .epsilon = 0.015625, .activation = relu_too}),
                           global_average_pooling2d(),
                           batch_normalization({.momentum = 0.75}),
                           dense({.units = 5}),
                       });
}

void check_inference(const Model& model, const Fixture& fixture, const std::string& expected, double c) {
  Workspace workspace(Plan(model, {.batch = 7}), 2);
  std::ranges::copy(fixture["x"], workspace.input(6).begin());
  CHECK(close<float>(workspace.forward(model, 6).span(), fixture.expected(expected), Bound{.c = c}));
}

/// The pictures are noise, so that their means differ by little: the normalisation of these magnifies what is rounded
/// before it. What should not be there, such as a variance divided by n - 1, is a thousand times more.
constexpr Bound bound{.c = 192};

void check_training(const Fixture& fixture, Model model) {
  const auto x = fixture["x"];
  const auto labels = fixture.operator[]<std::int32_t>("labels");
  const auto losses = fixture.expected("losses");
  Workspace workspace(Plan(model, {.batch = 8, .training = true})); // room for more than there are
  Optimizer sgd(model, {.kind = OptimizerKind::sgd, .momentum = 0.875, .nesterov = true});
  for (std::size_t step = 0; step < losses.size(); ++step) {
    CAPTURE(step);
    CHECK(std::abs(loss_and_gradients(model, workspace, x, labels) - losses[step]) <= 1e-6);
    if (step == 0) {
      for (std::size_t i = 0; i < model.parameters().size(); ++i) {
        const auto& [name, value, role, rate] = model.parameters()[i];
        CAPTURE(name);
        if (role == ParameterRole::trained)
          CHECK(close<float>(workspace.gradients()[i].span(), fixture.expected("gradient/" + name), bound));
      }
    }
    sgd.step(model, workspace.gradients(), 0.03125, 1);
    for (const auto& [name, value, role, rate] : model.parameters()) {
      CAPTURE(name);
      if (role == ParameterRole::statistic)
        CHECK(close<float>(value.view<float>().span(), fixture.expected("after/" + name + "/" + std::to_string(step)),
                           bound));
    }
  }
  for (const auto& [name, value, role, rate] : model.parameters()) {
    CAPTURE(name);
    if (role == ParameterRole::trained)
      CHECK(close<float>(value.view<float>().span(), fixture.expected("after/" + name), bound));
  }
  check_inference(model, fixture, "inference_after", 64);
}

} // namespace

TEST_CASE("golden: batch normalisations train as Keras's do, and their moving statistics follow") {
  const Fixture fixture("normalised");
  const std::string_view before = kernels().name;
  for_each_kernel_set([&](const KernelSet& set) {
    use_kernels(set.name);
    check_training(fixture, normalised(fixture));
  });
  use_kernels(before);
}

TEST_CASE("golden: logits in training use the batch's statistics, in inference the moving ones, folded or not") {
  const Fixture fixture("normalised");
  const Model model = normalised(fixture);
  Workspace workspace(Plan(model, {.batch = 6, .training = true}), 2);
  std::ranges::copy(fixture["x"], workspace.input(6).begin());
  CHECK(close<float>(workspace.forward(model, 6).span(), fixture.expected("logits"), bound));
  check_inference(model, fixture, "inference", 16);
  check_inference(fold_batch_normalization(model), fixture, "inference", 16);
}
