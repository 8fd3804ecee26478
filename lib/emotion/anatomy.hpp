// SPDX-License-Identifier: Apache-2.0
// The parts of a face, each painted for a person with an expression; painted in this order, they cover each other.
#pragma once

#include "lib/emotion/canvas.hpp"
#include "lib/emotion/expression.hpp"
#include "lib/emotion/person.hpp"

namespace mien::faces {

// head.cpp: what is there whatever the face does
void paint_back_hair(Canvas& canvas, const Person& person); ///< long hair, behind the shoulders
void paint_shoulders(Canvas& canvas, const Person& person); ///< and the neck
void paint_body(Canvas& canvas, const Person& person);      ///< from the shoulders down
void paint_head(Canvas& canvas, const Person& person);      ///< ears and skin
void paint_hair(Canvas& canvas, const Person& person);
void paint_beard(Canvas& canvas, const Person& person, const Expression& e);
void paint_glasses(Canvas& canvas, const Person& person);
void paint_relief(Canvas& canvas, const Person& person); ///< what light from above does to a face, over all of it

// features.cpp: what carries the expression. `side` is -1 for the left of the picture and 1 for the right.
void paint_brow(Canvas& canvas, const Person& person, const Expression& e, float side);
void paint_eye(Canvas& canvas, const Person& person, const Expression& e, float side);
void paint_cheek(Canvas& canvas, const Person& person, const Expression& e, float side);
void paint_forehead(Canvas& canvas, const Person& person, const Expression& e);
void paint_nose(Canvas& canvas, const Person& person, const Expression& e);

// mouth.cpp. `side` is where a sneer is strongest.
void paint_mouth(Canvas& canvas, const Person& person, const Expression& e, float side);

} // namespace mien::faces
