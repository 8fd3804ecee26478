// SPDX-License-Identifier: Apache-2.0
// Faces marked in a picture, and faces hidden in it.
#pragma once

#include "mien/data/draw.hpp"
#include "mien/io/image.hpp"
#include "mien/vision/detector.hpp"

#include <span>
#include <string>

namespace mien {

/// What is drawn for one face.
struct Annotation {
  Box box;
  float roll = 0;     ///< degrees by which the box is turned about its centre, clockwise as seen
  std::string text{}; ///< a line of printable ASCII; empty: no label
  int colour = 0; ///< a class's number: seven colours that colour-blind people tell apart too, grey, then they repeat
};

/// The colour that a class is drawn in, by its number; 7 is grey.   Source: Okabe and Ito 2008, "Color universal
/// design".
[[nodiscard]] Colour class_colour(int number) noexcept;

/// A copy of the picture, in RGB, with a frame around each box and a label at it.
///
/// Lines and text grow with the picture and with the box, so that they can be read at any size. A label stands above
/// its box, or where it hides less of other labels and faces, and always inside the picture.
/// Throws Error if the picture's extents and bytes disagree.
[[nodiscard]] Image annotated(const Image& picture, std::span<const Annotation> annotations);

/// The picture with what lies in each box hidden: in the ellipse through the box's corners, at most 5 x 5 colours are
/// left of what was there, and what lies between them is interpolated. Nothing brings the face back.
/// Throws Error if the picture's extents and bytes disagree.
[[nodiscard]] Image blurred(Image picture, std::span<const Box> boxes);

} // namespace mien
