// SPDX-License-Identifier: Apache-2.0
// What an expression does to a face, in numbers.
#pragma once

#include "mien/core/rng.hpp"

#include <cstddef>

namespace mien::faces {

/// What muscles do to one face: all zero but the eyes would be a face at rest. Lengths are in drawing units (half a
/// picture), the others shares of what a face can do.
struct Expression {
  // Brows
  float brow_inner = 0; ///< the inner ends raised
  float brow_outer = 0; ///< the outer ends raised
  float brow_arch = 0;  ///< the middle raised above its ends
  float brow_pinch = 0; ///< the inner ends drawn together
  float frown = 0;      ///< upright lines between them (share)
  float forehead = 0;   ///< lines across the forehead (share)
  // Eyes
  float lid_up = 0;    ///< the upper lid above the line of the corners
  float lid_down = 0;  ///< the lower lid below it
  float lid_skew = 0;  ///< the upper lid lower towards the nose: a glare; negative: towards the temple (share)
  float eye_droop = 0; ///< the outer corner lowered
  float gaze_down = 0; ///< the irises lowered
  float gaze_side = 0; ///< the irises moved to the right of the picture
  float tear = 0;      ///< share, none below zero
  // Nose and cheeks
  float nose_wrinkle = 0; ///< lines across its root and along its sides (share)
  float nostrils = 0;     ///< flared and raised (share)
  float folds = 0;        ///< from the nose to the corners of the mouth (share)
  float cheeks = 0;       ///< lifted (share)
  // Mouth
  float mouth_curve = 0;  ///< the corners raised above the middle
  float mouth_tilt = 0;   ///< the right corner above the left one
  float mouth_open = 0;   ///< the gap between the lips
  float mouth_wide = 0;   ///< added to half the width
  float mouth_square = 0; ///< 0 a lens, 1 a box (share)
  float teeth_up = 0;     ///< upper teeth, share of the gap
  float teeth_low = 0;    ///< lower teeth, share of the gap
  float sneer = 0;        ///< the upper lip raised, more on one side
  float lip_press = 0;    ///< the lips thinned (share); negative: pouting
  float chin = 0;         ///< the chin pushed up and wrinkled (share)
};

/// One face's expression: the table's middle values, each moved within its spread by a draw of its own.
/// `expression` is a place in expression_names.
[[nodiscard]] Expression draw_expression(std::size_t expression, Rng& rng);

/// What lies between two expressions: `from` at a share of 0, `to` at 1.
[[nodiscard]] Expression blend(const Expression& from, const Expression& to, float share);

} // namespace mien::faces
