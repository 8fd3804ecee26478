// SPDX-License-Identifier: Apache-2.0
// Cutting a face out of a picture.
#pragma once

#include "mien/io/image.hpp"

namespace mien {

/// A square in a picture, in pixels: the picture's top left corner is (0, 0), its first pixel's centre (0.5, 0.5).
struct FaceSquare {
  double x = 0, y = 0; ///< centre
  double side = 0;
  double degrees = 0; ///< by which it is turned, clockwise as seen

  friend bool operator==(const FaceSquare&, const FaceSquare&) = default;
};

/// The square's pixels at the picture's own resolution, grey or colour as they are.
///
/// The side is rounded to n whole pixels. An upright square begins at round(x - n/2), round(y - n/2), and its pixels
/// are copied; a turned one is interpolated bilinearly between pixel centres, in whole numbers, so that it is the same
/// bytes on every machine. Outside the picture the nearest pixel counts: nothing inside moves.
/// Throws Error if the picture is empty, if the side rounds to less than 1 or n^2 is above `most_pixels`, or if a
/// number is not finite or beyond a million pixels.
[[nodiscard]] Image cut(const Image& picture, const FaceSquare& square);

} // namespace mien
