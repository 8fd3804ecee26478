// SPDX-License-Identifier: Apache-2.0
// What a single face and a scene of many have in common: a whole person, and what a photographer leaves to chance.
#pragma once

#include "lib/emotion/canvas.hpp"
#include "lib/emotion/expression.hpp"
#include "lib/emotion/person.hpp"

namespace mien::faces {

/// Somebody with something in the face, ready to be painted.
struct Sitter {
  Person person;
  Expression expression;
  float sneer_side = 1;
};

/// A sitter: who it is comes from one stream, what the face does from another. `expression` is a place in
/// expression_names.
[[nodiscard]] Sitter draw_sitter(std::size_t expression, Rng& of_person, Rng& rng);

/// Somebody whose face does nothing yet, and what it does from now on: the jaw drops as far as the mouth opens.
[[nodiscard]] Sitter draw_resting_sitter(Rng& rng);
void set_expression(Sitter& resting, const Expression& expression);

[[nodiscard]] Pose draw_pose(Rng& rng);
[[nodiscard]] Point draw_light(Rng& rng); ///< for Canvas::light
[[nodiscard]] Camera draw_camera(Rng& rng);
void paint_background(Canvas& canvas, Rng& rng);

/// Head, face and hair, over what paint_back_hair and paint_shoulders painted.
void paint_face(Canvas& canvas, const Sitter& sitter);

} // namespace mien::faces
