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

/// Convolution, batch normalisation, rectifier.
void add_conv_norm_relu(Layers& layers, std::int64_t filters) {
  layers.emplace_back(conv2d(
      {.filters = filters, .padding = Padding::same, .use_bias = false, .kernel_initializer = Initializer::he_normal}));
  layers.emplace_back(batch_normalization({.momentum = 0.9, .activation = Activation::relu}));
}

/// Pairs of convolutions, each pair twice as wide as the one before and followed by a pooling.
Layers vgg(std::int64_t width, std::int64_t classes) {
  Layers layers;
  for (const std::int64_t filters : {width, 2 * width, 4 * width, 8 * width}) {
    add_conv_norm_relu(layers, filters);
    add_conv_norm_relu(layers, filters);
    layers.emplace_back(max_pooling2d());
  }
  layers.emplace_back(global_average_pooling2d());
  layers.emplace_back(dropout({.rate = 0.3}));
  layers.emplace_back(dense({.units = classes}));
  return layers;
}

Layers vgg8(std::int64_t classes) { return vgg(32, classes); }
Layers vgg8_64(std::int64_t classes) { return vgg(64, classes); }

constexpr std::array networks{
    NamedNetwork{"seed", "the field's: four convolutions of 32 to 256 filters, dense 512", seed},
    NamedNetwork{"vgg8", "four pairs of convolutions with batch normalisation, 32 to 256 filters", vgg8},
    NamedNetwork{"vgg8-64", "the same, twice as wide", vgg8_64},
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
