// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/nn/layers.hpp"
#include "mien/nn/networks.hpp"
#include "tests/support/catch.hpp"

using namespace mien;

namespace {

/// Measures a mean and trains a scale, as batch normalisation does.
class Normaliser final : public Layer {
public:
  std::string_view type() const noexcept override { return "Normaliser"; }
  Settings settings() const override { return {}; }
  Shape output_shape(std::span<const Shape> inputs) const override { return inputs[0]; }
  std::vector<ParameterSpec> parameters(std::span<const Shape>) const override {
    return {{.name = "gamma", .shape = {1500}},
            {.name = "moving_mean", .shape = {1400}, .role = ParameterRole::statistic}};
  }
  void forward(const ForwardPass&) const override {}
  void backward(const BackwardPass&) const override {}
};

} // namespace

TEST_CASE("model: the field's network is the one everybody knows") {
  const Model model = seed_network(7);
  CHECK(model.parameter_count() == 2'489'095);
  CHECK(model.input_shape() == Shape{48, 48, 1});
  CHECK(model.output_shape() == Shape{7});
  CHECK(model.nodes().size() == 14);
  CHECK(model.parameters()[0].name == "conv2d/kernel");
  CHECK(model.parameters()[0].value.shape() == Shape{3, 3, 1, 32});
  CHECK(model.parameters()[8].name == "dense/kernel");
  CHECK(model.parameters()[8].value.shape() == Shape{4096, 512});
  CHECK_THROWS_WITH(network_named("vgg99"), Catch::StartsWith("there is no network \"vgg99\"; there are seed, vgg8"));
}

TEST_CASE("model: the summary is the table that Keras prints") {
  const auto table = seed_network(7).summary();
  CHECK_THAT(table, Catch::Contains("conv2d_1 (Conv2D)") && Catch::Contains("(None, 44, 44, 64)") &&
                        Catch::Contains("18,496"));
  CHECK_THAT(table, Catch::Contains("max_pooling2d (MaxPooling2D)") && Catch::Contains("dropout_3 (Dropout)"));
  CHECK_THAT(table, Catch::Contains("Total params: 2,489,095"));
}

TEST_CASE("model: statistics are parameters that are not trained, as the summary says") {
  const Model model({4}, {std::make_shared<Normaliser>()});
  CHECK(model.parameters()[0].role == ParameterRole::trained);
  CHECK(model.parameters()[1].role == ParameterRole::statistic);
  CHECK(model.parameter_count() == 2900);
  CHECK(model.parameter_count(ParameterRole::statistic) == 1400);
  CHECK_THAT(model.summary(),
             Catch::Contains("Trainable params: 1,500") && Catch::Contains("Non-trainable params: 1,400"));
  CHECK_THAT(seed_network(7).summary(), !Catch::Contains("rainable"));

  std::vector<Parameter> given(model.parameters().begin(), model.parameters().end());
  for (auto& parameter : given) parameter.role = ParameterRole::trained; // the layer knows better
  CHECK(std::ranges::equal(Model({4}, {std::make_shared<Normaliser>()}, given).parameters(), model.parameters()));
}

TEST_CASE("model: equal seeds give equal parameters, other seeds others, copies share nothing") {
  CHECK(std::ranges::equal(seed_network(7, 3).parameters(), seed_network(7, 3).parameters()));
  CHECK_FALSE(seed_network(7, 3).parameters()[0] == seed_network(7, 4).parameters()[0]);
  const Model a = seed_network(7);
  Model b = a;
  b.parameters()[0].value.view<float>()[0] += 1;
  CHECK_FALSE(a.parameters()[0] == b.parameters()[0]);
  b = a;
  CHECK(a.parameters()[0] == b.parameters()[0]);
}

TEST_CASE("model: what does not fit is refused, and the layer is named") {
  CHECK_THROWS_WITH(Model({8, 8, 1}, {conv2d({.filters = 4, .kernel_size = {9, 9}})}),
                    Catch::Contains("layer 1") && Catch::Contains("9x9 does not fit into a picture of 8x8"));
  CHECK_THROWS_WITH(Model({8, 8, 1}, {dense({.units = 4})}), Catch::Contains("flatten it first"));
  CHECK_THROWS_WITH(Model({8, 8, 1}, {{relu(), "a"}, {relu(), "a"}}), Catch::Contains("two layers are named a"));
  CHECK_THROWS_WITH(Model({8, 8, 1}, {{relu(), "input"}}), Catch::Contains("cannot be named input"));
  CHECK_THROWS_WITH(Model({8, 8, 1}, {{relu(), "a", {"b"}}}), Catch::Contains("no earlier layer named b"));
  CHECK_THROWS_WITH(Model({8, 8, 1}, {{relu(), "a"}, {relu(), "b", {"input"}}}),
                    Catch::Contains("nobody reads the output of layer a"));
  CHECK_THROWS_AS(Model({8, 8, 1}, std::vector<LayerSpec>{}), Error);
  CHECK_THROWS_AS(conv2d({.filters = 0}), Error);
  CHECK_THROWS_AS(dropout({.rate = 1.0}), Error);
}

TEST_CASE("model: it can take its parameters, but only the right ones") {
  const std::vector<LayerSpec> layers{flatten(), dense({.units = 2})};
  const Model model({2, 1, 1}, layers);
  std::vector<Parameter> kept(model.parameters().begin(), model.parameters().end());
  std::swap(kept[0], kept[1]); // any order will do
  CHECK(std::ranges::equal(Model({2, 1, 1}, layers, kept).parameters(), model.parameters()));

  auto missing = kept;
  missing.pop_back();
  CHECK_THROWS_WITH(Model({2, 1, 1}, layers, missing), Catch::Contains("dense/kernel (2x2) is missing"));
  auto odd = kept;
  odd[0].value = Tensor(Shape{3});
  CHECK_THROWS_WITH(Model({2, 1, 1}, layers, odd), Catch::Contains("dense/bias is 3 f32, the network needs 2 f32"));
  auto more = kept;
  more.push_back({.name = "x", .value = Tensor(Shape{1})});
  CHECK_THROWS_WITH(Model({2, 1, 1}, layers, more), Catch::Contains("no parameter x"));
  more.back() = kept[0];
  CHECK_THROWS_WITH(Model({2, 1, 1}, layers, more), Catch::Contains("dense/bias is given twice"));
}

TEST_CASE("layers: settings make the same layer again, unknown ones are refused") {
  const Model model = seed_network(7);
  for (const auto& node : model.nodes()) {
    const auto again = make_layer(node.layer->type(), node.layer->settings());
    CHECK(again->type() == node.layer->type());
    CHECK(again->settings() == node.layer->settings());
  }
  const auto strided = conv2d({.filters = 3, .kernel_size = {5, 1}, .strides = {2, 3}, .padding = Padding::same});
  CHECK(make_layer("Conv2D", strided->settings())->settings() == strided->settings());
  CHECK_THROWS_WITH(make_layer("LSTM", {}), Catch::Contains("no layer \"LSTM\"") && Catch::Contains("Conv2D"));
  CHECK_THROWS_WITH(make_layer("Dense", {{"unit", std::int64_t{3}}}), Catch::Contains("no setting \"unit\""));
  CHECK_THROWS_WITH(make_layer("Dense", {{"units", std::string("3")}}), Catch::Contains("must be a whole number"));
  CHECK_THROWS_WITH(make_layer("Conv2D", {{"padding", std::string("full")}}), Catch::Contains("valid or same"));
}
