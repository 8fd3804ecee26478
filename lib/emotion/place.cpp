// SPDX-License-Identifier: Apache-2.0
#include "lib/emotion/place.hpp"

#include "lib/emotion/anatomy.hpp"
#include "mien/core/math.hpp"

#include <algorithm>
#include <cmath>

namespace mien::faces {
namespace {

constexpr float neck = 1.1f; // from the head's middle down to where the head turns, in drawing units

} // namespace

void Place::turn(float turns) noexcept {
  roll = turns;
  down.x = -static_cast<float>(math::sin_turns(static_cast<double>(roll)));
  down.y = static_cast<float>(math::cos_turns(static_cast<double>(roll)));
}

Point Place::body() const noexcept { return head + unit * neck * (down - Point{0, 1}); }

Box Place::head_box() const noexcept {
  Box box;
  box.include(head, 1.25f * unit);
  return box;
}

Box Place::body_box(int height) const noexcept {
  const Point middle = body();
  return {middle.x - 1.8f * unit, middle.y + 0.9f * unit, middle.x + 1.8f * unit, static_cast<float>(height)};
}

void paint_person(Canvas& canvas, const Place& place, const Sitter& sitter, int width, int height) {
  const float scale = 2 / static_cast<float>(std::min(width, height)); // picture units a pixel
  const Point middle{static_cast<float>(width) / 2, static_cast<float>(height) / 2};
  const Pose head{.roll = place.roll,
                  .scale = scale * place.unit,
                  .shift = scale * (place.head - middle),
                  .yaw = place.yaw,
                  .nod = place.nod};
  const Pose body{.scale = head.scale, .shift = scale * (place.body() - middle)};

  canvas.look(head);
  paint_back_hair(canvas, sitter.person);
  canvas.look(body);
  paint_body(canvas, sitter.person);
  paint_shoulders(canvas, sitter.person);
  canvas.look(head);
  paint_face(canvas, sitter);
  paint_relief(canvas, sitter.person); // detectors know faces by it: eyes are darker than cheeks and nose
}

mien::Box face_box(const Place& place, const Person& person) {
  // The middle of the box lies below the head's, along the turned axis.
  const float half_width = place.unit * person.head.width;
  const float half_height = place.unit * (person.head.chin + person.hairline) / 2;
  const Point middle = place.head + (place.unit * person.head.chin - half_height) * place.down;
  const auto whole = [](float at) { return static_cast<int>(std::floor(at + 0.5f)); };
  mien::Box box;
  box.x = whole(middle.x - half_width);
  box.y = whole(middle.y - half_height);
  box.width = whole(2 * half_width);
  box.height = whole(2 * half_height);
  return box;
}

} // namespace mien::faces
