// SPDX-License-Identifier: Apache-2.0
// The one way from a picture to what a network sees; its record stands in every model file.
#pragma once

#include "mien/core/tensor.hpp"
#include "mien/io/image.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace mien {

/// How a detector's box becomes the square that is cut out of a photograph. The defaults are fitted on FER2013, whose
/// pictures turn out to be as wide as the detector's boxes: docs/preprocessing.md.
struct FaceCrop {
  double scale = 1;     ///< side of the square, as a share of the box's side (the mean of width and height)
  double x = 0, y = 0;  ///< from the box's centre to the square's, as shares of the box's width and height
  bool aligned = false; ///< whether the eyes are looked for and the square is turned until they are level
  std::string detector = "frontalface_default"; ///< whose boxes this was fitted to

  friend bool operator==(const FaceCrop&, const FaceCrop&) = default;
};

/// How a picture becomes a network's input. Training, evaluation and prediction all use this one record.
///
/// A picture that shows one face alone, as training pictures do, begins at to_input_bytes(); from a photograph a square
/// is cut() first, where `face` says. cut() is what `mien data crop` writes, so both ways give the same bytes.
struct Preprocessing {
  /// Version 1 had no `face`, version 2 no `standardize`: such files are read as this version, with the defaults here.
  int version = 3;
  int height = 48;
  int width = 48;
  int channels = 1;         ///< 1: colour is turned grey by grey(); 3: RGB, grey repeated
  float scale = 1.0f / 255; ///< pixel bytes are multiplied by this
  bool standardize = false; ///< then every picture is brought to mean 0 and deviation 1 of its own
  FaceCrop face{};

  friend bool operator==(const Preprocessing&, const Preprocessing&) = default;
};

/// First half, done once when a picture is read: colour to grey, any size to the record's size; still bytes.
[[nodiscard]] Image to_input_bytes(const Image& picture, const Preprocessing& preprocessing);

/// Second half, done for every batch.
///
///   y = scale x, or with standardize:  y = (x - mean) / max(deviation, 1),  both over all values of one picture
///
/// Both have N * height * width * channels elements, NHWC. Mean and deviation are those of the bytes, from sums in
/// whole numbers (a scale in front of them would cancel out); a constant picture gives zeros, and one whose bytes
/// deviate by less than 1 is not blown up. Allocates nothing. Throws Error if extents disagree.
void to_input_floats(std::span<float> y, std::span<const std::uint8_t> x, const Preprocessing& preprocessing);

} // namespace mien
