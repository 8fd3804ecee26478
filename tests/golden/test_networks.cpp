// SPDX-License-Identifier: Apache-2.0
// Whole networks, and what Keras makes of them: forward, backward, ten steps of Adam.
#include "mien/nn/layers.hpp"
#include "tests/golden/check_network.hpp"

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

} // namespace

TEST_CASE("golden: the field's network in small, with every kernel set, computes and learns what Keras does") {
  const Fixture fixture("field");
  check_with_every_kernel_set(fixture, field(fixture, 0));
}

TEST_CASE("golden: strides, even windows and paddings on one side, with every kernel set, are those of Keras") {
  const Fixture fixture("strided");
  check_with_every_kernel_set(fixture, strided(fixture));
}

TEST_CASE("golden: outside training dropout does nothing, and a plan that reuses memory computes the same") {
  const Fixture fixture("field");
  const Model model = field(fixture, 0.1);
  Workspace workspace(Plan(model, {.batch = 6}), 1);
  std::ranges::copy(fixture["x"], workspace.input(6).begin());
  CHECK(close<float>(workspace.forward(model, 6).span(), fixture.expected("logits"), Bound{.c = 16}));
}
