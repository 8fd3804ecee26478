// SPDX-License-Identifier: Apache-2.0
#include "mien/nn/networks.hpp"

#include "mien/core/error.hpp"
#include "mien/nn/layers.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace mien {
namespace {

using Layers = std::vector<LayerSpec>;

Layers seed(std::int64_t classes) {
  constexpr auto relu = Activation::relu;
  return {
      conv2d({.filters = 32, .activation = relu}),
      conv2d({.filters = 64, .activation = relu}),
      max_pooling2d(),
      dropout({.rate = 0.1}),
      conv2d({.filters = 128, .activation = relu}),
      max_pooling2d(),
      dropout({.rate = 0.1}),
      conv2d({.filters = 256, .activation = relu}),
      max_pooling2d(),
      dropout({.rate = 0.1}),
      flatten(),
      dense({.units = 512, .activation = relu}),
      dropout({.rate = 0.2}),
      dense({.units = classes}),
  };
}

LayerPtr convolution(std::int64_t filters, std::int64_t window = 3, std::int64_t stride = 1) {
  return conv2d({.filters = filters,
                 .kernel_size = {window, window},
                 .strides = {stride, stride},
                 .padding = Padding::same,
                 .use_bias = false, // batch normalisation has one of its own
                 .kernel_initializer = Initializer::he_normal});
}

/// A momentum of 0.9: in an epoch of a few hundred steps the statistics of the last ones count.
LayerPtr norm(Activation activation) { return batch_normalization({.momentum = 0.9, .activation = activation}); }

/// Convolution, batch normalisation, rectifier.
void add_conv_norm_relu(Layers& layers, std::int64_t filters, std::int64_t window = 3) {
  layers.emplace_back(convolution(filters, window));
  layers.emplace_back(norm(Activation::relu));
}

/// The mean of every channel, then one layer from these to the classes.
void add_head(Layers& layers, double dropped, std::int64_t classes) {
  layers.emplace_back(global_average_pooling2d());
  layers.emplace_back(dropout({.rate = dropped}));
  layers.emplace_back(dense({.units = classes}));
}

/// Pairs of convolutions, each pair twice as wide as the one before and followed by a pooling.
Layers vgg(std::int64_t width, std::int64_t classes) {
  Layers layers;
  for (const std::int64_t filters : {width, 2 * width, 4 * width, 8 * width}) {
    add_conv_norm_relu(layers, filters);
    add_conv_norm_relu(layers, filters);
    layers.emplace_back(max_pooling2d());
  }
  add_head(layers, 0.3, classes);
  return layers;
}

Layers vgg8(std::int64_t classes) { return vgg(32, classes); }
Layers vgg8_64(std::int64_t classes) { return vgg(64, classes); }

/// Two convolutions beside a short cut, at half the resolution where the stride is 2. Source: He et al. 2016.
void add_residual_block(Layers& layers, std::int64_t filters, std::int64_t stride, const std::string& input,
                        const std::string& output) {
  std::string shortcut = input;
  if (stride > 1) {
    shortcut = output + "_shortcut";
    layers.emplace_back(convolution(filters, 1, stride), output + "_shortcut_conv2d", std::vector{input});
    layers.emplace_back(norm(Activation::linear), shortcut);
  }
  layers.emplace_back(convolution(filters, 3, stride), output + "_conv2d", std::vector{input});
  layers.emplace_back(norm(Activation::relu));
  layers.emplace_back(convolution(filters));
  layers.emplace_back(norm(Activation::linear), output + "_norm");
  layers.emplace_back(add(), output + "_add", std::vector{output + "_norm", shortcut});
  layers.emplace_back(relu(), output);
}

Layers residual(std::int64_t classes) {
  Layers layers;
  layers.emplace_back(convolution(32));
  layers.emplace_back(norm(Activation::relu), "stem");
  add_residual_block(layers, 32, 1, "stem", "block_1");
  add_residual_block(layers, 64, 2, "block_1", "block_2");
  add_residual_block(layers, 128, 2, "block_2", "block_3");
  add_residual_block(layers, 256, 2, "block_3", "block_4");
  add_head(layers, 0.3, classes);
  return layers;
}

/// A filter for each channel, then a mixture of the channels. Source: Howard et al. 2017, "MobileNets".
void add_separable(Layers& layers, std::int64_t filters) {
  layers.emplace_back(
      depthwise_conv2d({.padding = Padding::same, .use_bias = false, .depthwise_initializer = Initializer::he_normal}));
  layers.emplace_back(norm(Activation::relu));
  add_conv_norm_relu(layers, filters, 1);
}

Layers tiny(std::int64_t classes) {
  Layers layers;
  add_conv_norm_relu(layers, 16);
  layers.emplace_back(max_pooling2d());
  add_separable(layers, 32);
  add_separable(layers, 64);
  layers.emplace_back(max_pooling2d());
  add_separable(layers, 64);
  add_separable(layers, 128);
  layers.emplace_back(max_pooling2d());
  add_separable(layers, 128);
  add_separable(layers, 256);
  add_head(layers, 0.1, classes);
  return layers;
}

constexpr std::array networks{
    NamedNetwork{"seed", "the field's: four convolutions of 32 to 256 filters, dense 512", seed},
    NamedNetwork{"vgg8", "four pairs of convolutions with batch normalisation, 32 to 256 filters", vgg8},
    NamedNetwork{"vgg8-64", "the same, twice as wide", vgg8_64},
    NamedNetwork{"residual", "four residual blocks of 32 to 256 filters", residual},
    NamedNetwork{"tiny", "depthwise and 1x1 convolutions of 16 to 256 filters, under 100,000 parameters", tiny},
};

} // namespace

std::span<const NamedNetwork> named_networks() noexcept { return networks; }

Model network_named(std::string_view name, const NetworkOptions& options) {
  if (options.classes < 2)
    throw Error(concat("network ", name, ": ", options.classes, " classes asked for, at least 2 are needed"));
  if (options.channels != 1 && options.channels != 3)
    throw Error(
        concat("network ", name, ": pictures of ", options.channels, " channels, there are 1 (grey) and 3 (RGB)"));
  std::string known;
  for (const auto& network : networks) {
    if (network.name == name) return {{48, 48, options.channels}, network.layers(options.classes), options.seed};
    known += (known.empty() ? "" : ", ") + std::string(network.name);
  }
  throw Error(concat("there is no network \"", name, "\"; there are ", known));
}

Model seed_network(std::int64_t classes, std::uint64_t seed) {
  return network_named("seed", {.classes = classes, .seed = seed});
}

} // namespace mien
