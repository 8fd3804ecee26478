// SPDX-License-Identifier: Apache-2.0
// One generated face, from its seed to its bytes, and datasets of them.
#include "mien/emotion/generated_faces.hpp"

#include "lib/emotion/anatomy.hpp"
#include "mien/core/error.hpp"
#include "mien/emotion/labels.hpp"

#include <algorithm>
#include <string>

namespace mien {
namespace faces {
namespace {

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

} // namespace
} // namespace faces

Image draw_face(std::size_t expression, std::uint64_t seed, std::uint32_t index, int size) {
  using namespace faces;
  if (expression >= expression_names.size()) {
    throw Error(concat("draw_face: there is no expression ", expression, "; they count from 0 to ",
                       expression_names.size() - 1, ", see expression_index()"));
  }
  if (size < smallest_face || size > largest_face) {
    throw Error(concat("draw_face: a face of ", size, " pixels was asked for; ", smallest_face, " to ", largest_face,
                       " are possible"));
  }
  Rng of_person(seed, Purpose::faces, 0, index);
  Rng rng(seed, Purpose::faces, static_cast<std::uint32_t>(expression) + 1, index);
  Person person = draw_person(of_person);
  const Expression e = draw_expression(expression, rng);
  person.head.chin += 0.3f * std::max(0.0f, e.mouth_open); // the jaw drops
  const float sneer_side = rng.below(2) == 0 ? -1.0f : 1.0f;

  Canvas canvas(size, draw_pose(rng));
  paint_background(canvas, rng);
  paint_behind(canvas, person);
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
  canvas.light(draw_light(rng));
  return canvas.photograph(draw_camera(rng), rng);
}

Dataset generated_dataset(int per_class, std::uint64_t seed, int size, std::uint32_t first_index) {
  if (per_class < 1) {
    throw Error(
        concat("generated_dataset: ", per_class, " faces of each expression were asked for; ask for 1 or more"));
  }
  Dataset dataset;
  dataset.classes = expression_classes();
  dataset.height = dataset.width = size;
  for (std::size_t expression = 0; expression < expression_names.size(); ++expression) {
    for (int i = 0; i < per_class; ++i) {
      const std::uint32_t index = first_index + static_cast<std::uint32_t>(i);
      const Image face = draw_face(expression, seed, index, size);
      dataset.pixels.insert(dataset.pixels.end(), face.pixels.begin(), face.pixels.end());
      dataset.labels.push_back(static_cast<std::int32_t>(expression));
      dataset.names.push_back(concat("generated/", expression_names[expression], "/", index));
    }
  }
  return dataset;
}

} // namespace mien
