// SPDX-License-Identifier: Apache-2.0
// Each layer alone: its settings, its shapes, what it refuses.
#include "mien/core/error.hpp"
#include "mien/nn/layers.hpp"
#include "mien/ops/conv2d.hpp"
#include "tests/support/catch.hpp"

using namespace mien;
using Catch::Contains;

namespace {

/// The shape that a layer makes of one input.
Shape output(const LayerPtr& layer, const Shape& input) { return layer->output_shape({{input}}); }

/// Whether the settings that a model file keeps make the same layer again.
bool survives_a_file(const LayerPtr& layer) {
  const auto again = make_layer(layer->type(), layer->settings());
  return again->type() == layer->type() && again->settings() == layer->settings();
}

} // namespace

TEST_CASE("AveragePooling2D: settings, shapes, refusals") {
  const auto layer = average_pooling2d({.pool_size = {2, 3}, .strides = {1, 2}});
  CHECK(survives_a_file(layer));
  CHECK(layer->settings().at("pool_size_w") == Setting(std::int64_t{3}));
  CHECK(output(layer, {5, 8, 3}) == Shape{4, 3, 3});
  CHECK(make_layer("AveragePooling2D", {})->settings() == average_pooling2d()->settings());
  CHECK_THROWS_WITH(output(layer, {1, 8, 3}), Contains("2x3 does not fit into a picture of 1x8"));
  CHECK_THROWS_WITH(output(layer, {8, 3}), Contains("AveragePooling2D") && Contains("3 extents"));
  CHECK_THROWS_WITH(output(average_pooling2d({.strides = {0, 1}}), {8, 8, 3}), Contains("(0, 1)"));
}

TEST_CASE("GlobalAveragePooling2D: settings, shapes, refusals") {
  const auto layer = global_average_pooling2d();
  CHECK(survives_a_file(layer));
  CHECK(output(layer, {5, 8, 3}) == Shape{3});
  CHECK_THROWS_WITH(output(layer, {120}), Contains("GlobalAveragePooling2D") && Contains("3 extents"));
  CHECK_THROWS_WITH(make_layer("GlobalAveragePooling2D", {{"keepdims", std::int64_t{1}}}), Contains("keepdims"));
}

TEST_CASE("DepthwiseConv2D: settings, shapes, parameters, refusals") {
  const auto layer = depthwise_conv2d({.kernel_size = {3, 2},
                                       .strides = {2, 1},
                                       .padding = Padding::same,
                                       .depthwise_initializer = Initializer::he_normal});
  CHECK(survives_a_file(layer));
  CHECK(output(layer, {5, 8, 3}) == Shape{3, 8, 3});
  CHECK(make_layer("DepthwiseConv2D", {})->settings() == depthwise_conv2d({})->settings());
  const auto parameters = layer->parameters({{Shape{5, 8, 3}}});
  REQUIRE(parameters.size() == 2);
  CHECK((parameters[0].name == "kernel" && parameters[0].shape == Shape{3, 2, 3, 1}));
  CHECK((parameters[0].fan_in == 18 && parameters[0].fan_out == 6)); // as Keras counts
  CHECK((parameters[1].name == "bias" && parameters[1].shape == Shape{3}));
  const auto without_bias = depthwise_conv2d({.use_bias = false});
  CHECK(survives_a_file(without_bias));
  CHECK(without_bias->parameters({{Shape{5, 8, 3}}}).size() == 1);
  CHECK_THROWS_WITH(depthwise_conv2d({.strides = {0, 1}}), Contains("at least 1"));
  CHECK_THROWS_WITH(output(depthwise_conv2d({}), {2, 8, 3}), Contains("3x3 does not fit into a picture of 2x8"));
  CHECK_THROWS_WITH(make_layer("DepthwiseConv2D", {{"depth_multiplier", std::int64_t{2}}}), Contains("depth_multi"));
}

TEST_CASE("LeakyReLU and SiLU: settings, shapes, refusals") {
  CHECK(survives_a_file(leaky_relu({.negative_slope = 0.125})));
  CHECK(leaky_relu()->settings().at("negative_slope") == Setting(0.3));
  CHECK(output(leaky_relu(), {5, 8, 3}) == Shape{5, 8, 3});
  CHECK_THROWS_WITH(leaky_relu({.negative_slope = -0.1}), Contains("negative_slope is -0.1"));
  CHECK_THROWS_WITH(leaky_relu({.negative_slope = 1e300}), Contains("finite"));
  CHECK(survives_a_file(silu()));
  CHECK(output(silu(), {7}) == Shape{7});
}

TEST_CASE("Add: two inputs or more, of one shape") {
  const Shape a{5, 8, 3}, b{8, 5, 3};
  CHECK(survives_a_file(add()));
  CHECK(add()->output_shape({{a, a}}) == a);
  CHECK(add()->output_shape({{a, a, a}}) == a);
  CHECK_THROWS_WITH(add()->output_shape({{a}}), Contains("two inputs or more, 1 given"));
  CHECK_THROWS_WITH(add()->output_shape({{a, b}}), Contains("5x8x3 and 8x5x3"));
}

TEST_CASE("layers: a convolution names the algorithm that its list chooses; what has one way names none") {
  const Shape batched{2, 5, 8, 3};
  const auto layer = conv2d({.filters = 4});
  CHECK(layer->algorithm({{batched}}) == choose_conv2d(conv2d_extents(batched, {3, 3, 3, 4}, {})).name);
  CHECK_FALSE(layer->algorithm({{batched}}).empty());
  for (const auto& other : {relu(), max_pooling2d(), add()}) CHECK(other->algorithm({{batched}}).empty());
}
