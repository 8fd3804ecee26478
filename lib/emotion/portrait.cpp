// SPDX-License-Identifier: Apache-2.0
#include "lib/emotion/portrait.hpp"

#include "lib/emotion/anatomy.hpp"

#include <algorithm>

namespace mien::faces {
namespace {

float draw_side(Rng& rng) { return rng.below(2) == 0 ? -1.0f : 1.0f; }

} // namespace

Sitter draw_sitter(std::size_t expression, Rng& of_person, Rng& rng) {
  Sitter sitter;
  sitter.person = draw_person(of_person);
  set_expression(sitter, draw_expression(expression, rng));
  sitter.sneer_side = draw_side(rng);
  return sitter;
}

Sitter draw_resting_sitter(Rng& rng) {
  Sitter sitter;
  sitter.person = draw_person(rng);
  sitter.sneer_side = draw_side(rng);
  return sitter;
}

void set_expression(Sitter& resting, const Expression& expression) {
  resting.expression = expression;
  resting.person.head.chin += 0.3f * std::max(0.0f, expression.mouth_open);
}

Pose draw_pose(Rng& rng) {
  Pose pose; // one statement a draw, so that their order is the same for every compiler
  pose.roll = rng.uniform(-0.02f, 0.02f);
  pose.scale = rng.uniform(1.08f, 1.22f);
  pose.shift.x = rng.uniform(-0.05f, 0.05f);
  pose.shift.y = rng.uniform(-0.08f, 0.02f);
  pose.yaw = rng.uniform(-0.12f, 0.12f);
  pose.nod = rng.uniform(-0.05f, 0.05f);
  return pose;
}

Point draw_light(Rng& rng) {
  Point towards;
  towards.x = rng.uniform(-0.35f, 0.35f);
  towards.y = rng.uniform(-0.25f, 0.1f);
  return towards;
}

Camera draw_camera(Rng& rng) {
  Camera camera;
  camera.blur = rng.uniform(0.0f, 0.15f);
  camera.contrast = rng.uniform(0.95f, 1.4f);
  camera.brightness = rng.uniform(-0.08f, 0.08f);
  camera.noise = rng.uniform(0.005f, 0.03f);
  return camera;
}

void paint_background(Canvas& canvas, Rng& rng) {
  const float first = rng.uniform(0.05f, 0.95f);
  const float last = rng.uniform(0.05f, 0.95f);
  canvas.background(first, last);
  for (std::uint32_t blots = rng.below(4); blots > 0; --blots) {
    Ellipse blot;
    blot.centre.x = rng.uniform(-1, 1);
    blot.centre.y = rng.uniform(-1, 1);
    blot.rx = rng.uniform(0.1f, 0.5f);
    blot.ry = rng.uniform(0.1f, 0.5f);
    canvas.paint(blot, {.grey = rng.uniform(), .opacity = 0.6f, .softness = 0.3f});
  }
}

void paint_face(Canvas& canvas, const Sitter& sitter) {
  const auto& [person, e, sneer_side] = sitter;
  paint_head(canvas, person);
  paint_forehead(canvas, person, e);
  paint_nose(canvas, person, e);
  paint_beard(canvas, person, e);
  paint_mouth(canvas, person, e, sneer_side);
  for (const float side : {-1.0f, 1.0f}) {
    paint_cheek(canvas, person, e, side);
    paint_eye(canvas, person, e, side);
    paint_brow(canvas, person, e, side);
  }
  paint_hair(canvas, person);
  paint_glasses(canvas, person);
}

} // namespace mien::faces
