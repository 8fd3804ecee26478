// SPDX-License-Identifier: Apache-2.0
// Each layer alone: its settings, its shapes, what it refuses.
#include "mien/core/error.hpp"
#include "mien/nn/layers.hpp"
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
