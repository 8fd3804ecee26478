// SPDX-License-Identifier: Apache-2.0
// Where a person stands in a scene, how that is painted, and where the face then is.
#pragma once

#include "lib/emotion/portrait.hpp"
#include "mien/vision/detector.hpp"

namespace mien::faces {

/// Where a person stands, in pixels, and which way the head is held.
struct Place {
  float unit = 0;   ///< pixels a drawing unit; a head is two wide with its hair
  float roll = 0;   ///< turns, clockwise
  Point down{0, 1}; ///< from the crown to the chin, one long
  Point head;       ///< the head's middle
  float yaw = 0;    ///< as in Pose
  float nod = 0;

  /// Turns the head about its middle.
  void turn(float turns) noexcept;
  /// The middle of the body, which stands upright whichever way the head is turned.
  [[nodiscard]] Point body() const noexcept;
  [[nodiscard]] Box head_box() const noexcept;
  [[nodiscard]] Box body_box(int height) const noexcept;
};

/// The width of a middling face, in drawing units.
inline constexpr float middling_face = 1.42f;

/// Paints one person; the head is turned about the neck.
void paint_person(Canvas& canvas, const Place& place, const Sitter& sitter, int width, int height);

/// From temple to temple and from hairline to chin, before the face is turned, as somebody would draw it.
[[nodiscard]] mien::Box face_box(const Place& place, const Person& person);

} // namespace mien::faces
