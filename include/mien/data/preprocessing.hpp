// SPDX-License-Identifier: Apache-2.0
// The one way from a picture to what a network sees; its record stands in every model file.
#pragma once

#include "mien/core/tensor.hpp"
#include "mien/io/image.hpp"

#include <cstdint>
#include <span>

namespace mien {

/// How a picture becomes a network's input. Training, evaluation and prediction all use this one record.
struct Preprocessing {
  int version = 1;
  int height = 48;
  int width = 48;
  int channels = 1;         ///< 1: colour is turned grey by grey(); 3: RGB, grey repeated
  float scale = 1.0f / 255; ///< pixel bytes are multiplied by this

  friend bool operator==(const Preprocessing&, const Preprocessing&) = default;
};

/// First half, done once when a picture is read: colour to grey, any size to the record's size; still bytes.
[[nodiscard]] Image to_input_bytes(const Image& picture, const Preprocessing& preprocessing);

/// Second half, done for every batch: y = scale * x. Both have N * height * width * channels elements, NHWC.
void to_input_floats(std::span<float> y, std::span<const std::uint8_t> x, const Preprocessing& preprocessing);

} // namespace mien
