// SPDX-License-Identifier: Apache-2.0
// Networks with the layers of today, and what Keras makes of them.
#include "mien/nn/layers.hpp"
#include "tests/golden/check_network.hpp"

using namespace mien;
using namespace mien::test;

namespace {

/// The network of make_modern_fixtures.py's residual().
Model residual(const Fixture& fixture) {
  const auto same = Padding::same;
  return fixture.model(
      {10, 9, 2}, {
                      conv2d({.filters = 6, .padding = same}),
                      {leaky_relu(), "way"},
                      depthwise_conv2d({.padding = same}),
                      silu(),
                      conv2d({.filters = 6, .kernel_size = {1, 1}}),
                      {add(), "sum", {"way", "conv2d_1"}},
                      average_pooling2d(),
                      {depthwise_conv2d({.strides = {2, 2}, .padding = same}), "depthwise_conv2d_1"},
                      leaky_relu({.negative_slope = 0.125}),
                      {depthwise_conv2d({.kernel_size = {2, 1}}), "depthwise_conv2d_2"},
                      {average_pooling2d({.pool_size = {2, 1}, .strides = {1, 1}}), "long"},
                      {average_pooling2d({.pool_size = {3, 1}, .strides = {1, 1}}), "short", {"depthwise_conv2d_1"}},
                      {add(), "sum_1", {"long", "short", "long"}},
                      {conv2d({.filters = 10, .kernel_size = {1, 1}}), "conv2d_2"},
                      silu(),
                      global_average_pooling2d(),
                      dense({.units = 5}),
                  });
}

} // namespace

TEST_CASE("golden: a residual network with depthwise convolutions computes and learns what Keras does") {
  const Fixture fixture("residual");
  // The largest derivative by a bias is a sum of 540 terms that nearly cancel.
  check_with_every_kernel_set(fixture, residual(fixture), 32);
}

TEST_CASE("golden: a plan that reuses memory computes the same of a residual network") {
  const Fixture fixture("residual");
  const Model model = residual(fixture);
  Workspace workspace(Plan(model, {.batch = 7}), 2);
  std::ranges::copy(fixture["x"], workspace.input(6).begin());
  CHECK(close<float>(workspace.forward(model, 6).span(), fixture.expected("logits"), Bound{.c = 16}));
}
