// SPDX-License-Identifier: Apache-2.0
// A model so small that a test may load it ten thousand times.
#pragma once

#include "mien/nn/layers.hpp"
#include "mien/nn/model_file.hpp"

#include <cstdint>

namespace mien::test {

/// 6x6 pictures, a convolution, a dense layer, three labels.
inline ModelFile tiny_model(std::uint64_t seed = 1) {
  const std::vector<LayerSpec> layers = {
      conv2d({.filters = 2, .activation = Activation::relu}),
      flatten(),
      dense({.units = 3}),
  };
  ModelFile file{.model = Model(Shape{6, 6, 1}, layers, seed),
                 .preprocessing = {.height = 6, .width = 6},
                 .labels = {"happy", "neutral", "sad"},
                 .provenance = {{"seed", "1"}, {"data", "0123456789abcdef"}}};
  file.golden_face = {.width = 6, .height = 6, .channels = 1, .pixels = std::vector<std::uint8_t>(36)};
  for (std::size_t i = 0; i < 36; ++i) file.golden_face.pixels[i] = static_cast<std::uint8_t>(i * 37 % 256);
  return file;
}

} // namespace mien::test
