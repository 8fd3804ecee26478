// SPDX-License-Identifier: Apache-2.0
// Whole networks, and what Keras makes of them: forward, backward, ten steps of Adam.
#include "mien/nn/layers.hpp"
#include "tests/golden/fixture.hpp"
#include "tests/support/close.hpp"
#include "tests/support/kernel_sets.hpp"
#include "tests/support/training.hpp"

using namespace mien;
using namespace mien::test;

namespace {

/// The network of make_fixtures.py's field(). Its losses are without dropout, whose draws are each library's own.
Model field(const Fixture& fixture, double dropout_rate) {
  return fixture.model({13, 13, 1},
                       {
                           conv2d({.filters = 4, .activation = Activation::relu}),
                           conv2d({.filters = 8, .activation = Activation::relu}),
                           max_pooling2d(),
                           dropout({.rate = dropout_rate}),
                           conv2d({.filters = 8, .padding = Padding::same, .activation = Activation::relu}),
                           max_pooling2d(),
                           dropout({.rate = dropout_rate}),
                           flatten(),
                           dense({.units = 16, .activation = Activation::relu}),
                           dropout({.rate = dropout_rate}),
                           dense({.units = 7}),
                       });
}

/// The network of make_fixtures.py's strided().
Model strided(const Fixture& fixture) {
  const auto same = Padding::same;
  const auto relu = Activation::relu;
  return fixture.model(
      {9, 8, 3},
      {
          conv2d({.filters = 5, .strides = {2, 2}, .padding = same, .activation = relu}),
          conv2d({.filters = 6, .kernel_size = {3, 2}, .padding = same}),
          conv2d({.filters = 7, .kernel_size = {1, 2}, .strides = {3, 3}, .padding = same, .activation = relu}),
          max_pooling2d({.pool_size = {1, 2}, .strides = {1, 1}}),
          flatten(),
          dense({.units = 5}),
      });
}

void check(const Fixture& fixture, Model model) {
  const auto x = fixture["x"];
  const auto labels = fixture.operator[]<std::int32_t>("labels");
  const auto losses = fixture.expected("losses");
  Workspace workspace(Plan(model, {.batch = 8, .training = true})); // room for more than there are
  const auto n = static_cast<std::int64_t>(labels.size());
  const std::vector<std::uint32_t> samples(labels.size());
  const Draws draws{.samples = samples}; // for dropout, which drops nothing here

  const double loss = loss_and_gradients(model, workspace, x, labels, draws);
  CHECK(std::abs(loss - losses[0]) <= 5e-7);
  CHECK(close<float>(workspace.forward(model, n, draws).span(), fixture.expected("logits"), Bound{.c = 16}));
  for (std::size_t i = 0; i < model.parameters().size(); ++i) {
    const auto& name = model.parameters()[i].name;
    CAPTURE(name);
    CHECK(close<float>(workspace.gradients()[i].span(), fixture.expected("gradient/" + name), Bound{.c = 16}));
  }

  Optimizer adam(model, {.beta_1 = 0.9f, .beta_2 = 0.999f}); // as adam_of() in make_fixtures.py
  for (std::size_t step = 0; step < losses.size(); ++step) {
    CAPTURE(step);
    CHECK(std::abs(train_step(model, workspace, adam, 0.01f, x, labels, draws) - losses[step]) <= 5e-7);
  }
  for (const Parameter& parameter : model.parameters()) {
    CAPTURE(parameter.name);
    const auto values = parameter.value.view<float>().span();
    CHECK(close<float>(values, fixture.expected("after/" + parameter.name), Bound{.c = 128}));
  }
}

} // namespace

TEST_CASE("golden: the field's network in small, with every kernel set, computes and learns what Keras does") {
  const Fixture fixture("field");
  const std::string_view before = kernels().name;
  for_each_kernel_set([&](const KernelSet& set) {
    use_kernels(set.name);
    check(fixture, field(fixture, 0));
  });
  use_kernels(before);
}

TEST_CASE("golden: strides, even windows and paddings on one side, with every kernel set, are those of Keras") {
  const Fixture fixture("strided");
  const std::string_view before = kernels().name;
  for_each_kernel_set([&](const KernelSet& set) {
    use_kernels(set.name);
    check(fixture, strided(fixture));
  });
  use_kernels(before);
}

TEST_CASE("golden: outside training dropout does nothing, and a plan that reuses memory computes the same") {
  const Fixture fixture("field");
  const Model model = field(fixture, 0.1);
  Workspace workspace(Plan(model, {.batch = 6}), 1);
  std::ranges::copy(fixture["x"], workspace.input(6).begin());
  CHECK(close<float>(workspace.forward(model, 6).span(), fixture.expected("logits"), Bound{.c = 16}));
}
