// SPDX-License-Identifier: Apache-2.0
// One head: everything about a face that is not its expression.
#pragma once

#include "lib/emotion/shapes.hpp"
#include "mien/core/rng.hpp"

#include <cstdint>

namespace mien::faces {

/// The outline of a head: two halves that meet at the middle, each between round and square.
struct Head {
  float width = 0; ///< half of it
  float crown = 0; ///< from the middle up
  float chin = 0;  ///< from the middle down
  float top = 0;   ///< 0 round, 1 square
  float jaw = 0;   ///< 0 round, 1 square
  float taper = 0; ///< how much the jaw narrows towards the chin

  [[nodiscard]] Box box() const noexcept { return {-width, -crown, width, chin}; }
  [[nodiscard]] float distance(Point p) const noexcept;
  /// The same head, larger all around: what hair covers.
  [[nodiscard]] Head grown(float by) const noexcept { return {width + by, crown + by, chin + by, top, jaw, taper}; }
};

enum class Hair : std::uint32_t { bald, short_cut, fringe, long_straight, curly, cap, count };

/// Lengths in drawing units (half a picture), from the middle of the face; greys from 0 to 1.
struct Person {
  Head head;
  float skin = 0, hair = 0, iris = 0;
  Hair style = Hair::bald;
  float hairline = 0; ///< height of the forehead's end above the middle
  float parting = 0;  ///< where the hair parts, sideways

  float eye_apart = 0, eye_line = 0, eye_half = 0, eye_height = 0; ///< the last scales the lids
  float brow_line = 0, brow_thick = 0;
  float nose_end = 0, nose_half = 0;
  float mouth_line = 0, mouth_half = 0, lip_thick = 0, lip_dark = 0;

  float beard = 0, moustache = 0; ///< opacity, none below zero
  float glasses = 0;              ///< radius, none at zero
  float age = 0;                  ///< share of lines that stay when the face rests
};

[[nodiscard]] Person draw_person(Rng& rng);

} // namespace mien::faces
