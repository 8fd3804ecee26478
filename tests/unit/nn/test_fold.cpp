// SPDX-License-Identifier: Apache-2.0
// Batch normalisations put into the layers before them: fewer steps, the same answers.
#include "mien/nn/fold.hpp"
#include "mien/nn/networks.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/close.hpp"
#include "tests/unit/nn/normalised.hpp"

using namespace mien;
using namespace mien::test;

namespace {

const auto same = Padding::same;
const LayerPtr norm = batch_normalization({.epsilon = 0.01});
const LayerPtr norm_relu = batch_normalization({.activation = Activation::relu});

Model model_of(const std::vector<LayerSpec>& layers) { return seasoned(Model({9, 8, 2}, layers)); }

void check_same_answers(const Model& folded, const Model& model) {
  CHECK(close<float>(answers(folded), widened(answers(model)), {.c = 64}));
}

} // namespace

TEST_CASE("fold: convolutions and dense layers take up the normalisation and its activation") {
  const auto [about, layers, expected] = GENERATE(table<const char*, std::vector<LayerSpec>, std::size_t>({
      {"bias", {conv2d({.filters = 5, .padding = same}), norm, flatten(), dense({.units = 3})}, 3},
      {"no bias", {conv2d({.filters = 5, .use_bias = false}), norm_relu, flatten(), dense({.units = 3})}, 3},
      {"strides", {conv2d({.filters = 5, .strides = {2, 3}, .padding = same, .use_bias = false}), norm_relu}, 1},
      {"dense", {flatten(), dense({.units = 9}), norm_relu, dense({.units = 3}), norm}, 3},
      {"depthwise", {depthwise_conv2d({.padding = same}), norm, conv2d({.filters = 4}), norm_relu}, 2},
      {"depthwise relu", {depthwise_conv2d({.use_bias = false}), norm_relu, conv2d({.filters = 4}), norm}, 3},
  }));
  CAPTURE(about);
  const Model model = model_of(layers);
  const auto before = std::vector<Parameter>(model.parameters().begin(), model.parameters().end());
  const Model folded = fold_batch_normalization(model);
  CHECK(folded.nodes().size() == expected);
  CHECK(count_of(folded, "BatchNormalization") == 0);
  CHECK(folded.parameter_count(ParameterRole::statistic) == 0);
  CHECK(folded.output_shape() == model.output_shape());
  check_same_answers(folded, model);
  CHECK(std::ranges::equal(model.parameters(), before));
}

TEST_CASE("fold: where somebody else would notice, the normalisation stays") {
  const auto relu_conv = conv2d({.filters = 4, .padding = same, .activation = Activation::relu});
  const auto conv = conv2d({.filters = 4, .padding = same});
  const auto layers = GENERATE_COPY(std::vector<LayerSpec>{relu_conv, norm, flatten()}, // its own activation is first
                                    std::vector<LayerSpec>{{conv, "a"}, {norm, "b"}, {add(), "c", {"a", "b"}}},
                                    std::vector<LayerSpec>{norm, relu_conv}, // nothing is before it
                                    std::vector<LayerSpec>{conv, max_pooling2d(), norm});
  const Model model = model_of(layers);
  const Model folded = fold_batch_normalization(model);
  CHECK(folded.nodes().size() == model.nodes().size());
  CHECK(answers(folded) == answers(model));
}

TEST_CASE("fold: those that can go do, and readers by name find what they read") {
  const Model model = model_of({{conv2d({.filters = 4, .padding = same}), "a"},
                                {norm_relu, "b"},
                                {conv2d({.filters = 4, .padding = same, .activation = Activation::relu}), "c"},
                                {norm, "d"}, // stays
                                {depthwise_conv2d({.padding = same}), "e"},
                                {norm_relu, "f"},
                                {add(), "g", {"b", "d", "f"}},
                                global_average_pooling2d(),
                                dense({.units = 3})});
  const Model folded = fold_batch_normalization(model);
  CHECK(count_of(folded, "BatchNormalization") == 1);
  CHECK(folded.nodes().size() == model.nodes().size() - 1); // behind the depthwise convolution stands a ReLU
  check_same_answers(folded, model);
}

TEST_CASE("fold: a model without batch normalisation comes back as it is") {
  const Model model = model_of({{conv2d({.filters = 4}), "first"}, flatten(), dense({.units = 3})});
  const Model folded = fold_batch_normalization(model);
  CHECK(std::ranges::equal(folded.parameters(), model.parameters()));
  CHECK(std::ranges::equal(folded.nodes(), model.nodes(), {}, &Model::Node::layer, &Model::Node::layer));
  CHECK(answers(folded) == answers(model));
}

TEST_CASE("fold: every named network answers the same without its batch normalisations") {
  for (const auto& network : named_networks()) {
    if (network.name == "vgg8-64") continue; // vgg8, wider
    CAPTURE(network.name);
    const Model model = seasoned(network_named(network.name));
    const Model folded = fold_batch_normalization(model);
    CHECK(count_of(folded, "BatchNormalization") == 0);
    CHECK(close<float>(answers(folded, 1), widened(answers(model, 1)), {.c = 256}));
  }
}
