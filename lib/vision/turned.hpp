// SPDX-License-Identifier: Apache-2.0
// Where a point of something turned is in the picture.
#pragma once

#include "mien/core/math.hpp"

namespace mien {

/// A place in a picture, in pixels.
struct Point {
  double x = 0, y = 0;
};

/// The point that was `right` of and `down` from a centre before everything was turned about it, clockwise as seen.
[[nodiscard]] inline Point turned(Point centre, double right, double down, double degrees) noexcept {
  const double cosine = math::cos_turns(degrees / 360), sine = math::sin_turns(degrees / 360);
  return {centre.x + right * cosine - down * sine, centre.y + right * sine + down * cosine};
}

} // namespace mien
