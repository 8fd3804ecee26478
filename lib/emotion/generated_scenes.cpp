// SPDX-License-Identifier: Apache-2.0
// Who stands where in a scene, and how it is painted: from the farthest to the nearest.
#include "mien/emotion/generated_scenes.hpp"

#include "lib/emotion/anatomy.hpp"
#include "lib/emotion/portrait.hpp"
#include "mien/core/error.hpp"
#include "mien/core/math.hpp"
#include "mien/emotion/labels.hpp"

#include <algorithm>
#include <cmath>

namespace mien {
namespace faces {
namespace {

/// Where a person stands, in pixels.
struct Place {
  Point head;     ///< the head's middle
  float unit = 0; ///< pixels a drawing unit; a head is two wide with its hair
  float roll = 0; ///< turns, clockwise

  [[nodiscard]] Box head_box() const noexcept {
    Box box;
    box.include(head, 1.25f * unit);
    return box;
  }
  /// What it hides below its head.
  [[nodiscard]] Box body_box(int height) const noexcept {
    return {head.x - 1.8f * unit, head.y + 0.9f * unit, head.x + 1.8f * unit, static_cast<float>(height)};
  }
};

bool apart(const Box& a, const Box& b) noexcept {
  return a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
}

/// A place for a face of this size where it is whole and hides nobody who stands behind; false if none is found.
bool find_place(std::vector<Place>& behind, float unit, const SceneOptions& options, Rng& rng) {
  const auto width = static_cast<float>(options.width), height = static_cast<float>(options.height);
  Place place{.head = {}, .unit = unit, .roll = 0};
  for (int tries = 0; tries < 100; ++tries) {
    place.head.x = rng.uniform(1.25f * unit, width - 1.25f * unit);
    place.head.y = rng.uniform(1.25f * unit, height - 1.25f * unit);
    const bool hides = std::ranges::any_of(behind, [&](const Place& other) {
      const Box face = other.head_box();
      return !apart(place.head_box(), face) || !apart(place.body_box(options.height), face);
    });
    if (hides) continue;
    behind.push_back(place);
    return true;
  }
  return false;
}

/// From the farthest to the nearest.
std::vector<Place> draw_places(const SceneOptions& options, Rng& rng) {
  constexpr float face = 1.42f; // the width of a middling one, in drawing units
  const auto least = static_cast<float>(options.least_face);
  const float most = std::max(least, static_cast<float>(std::min(options.width, options.height)) / 3);
  std::vector<float> units;
  const auto most_faces = static_cast<std::uint32_t>(options.most_faces);
  for (auto faces = most_faces - rng.below((most_faces + 1) / 2); faces > 0; --faces) {
    const float near = rng.uniform();
    units.push_back((least + (most - least) * near * near) / face);
  }
  std::ranges::sort(units);
  std::vector<Place> places;
  for (const float unit : units) find_place(places, unit, options, rng);
  for (Place& place : places) {
    const bool tilted = rng.uniform() < options.tilted;
    const float degrees = tilted ? rng.uniform(20, 40) : rng.uniform(0, 8);
    place.roll = (rng.below(2) == 0 ? -1.0f : 1.0f) * degrees / 360;
  }
  return places;
}

/// Paints one person; the head is turned about the neck, the body stands upright.
void paint_person(Canvas& canvas, const Place& place, const Sitter& sitter, const SceneOptions& options, Rng& rng) {
  const float scale = 2 / static_cast<float>(std::min(options.width, options.height)); // picture units a pixel
  const Point middle{static_cast<float>(options.width) / 2, static_cast<float>(options.height) / 2};
  Pose head{.roll = place.roll, .scale = scale * place.unit, .shift = scale * (place.head - middle)};
  head.yaw = rng.uniform(-0.12f, 0.12f);
  head.nod = rng.uniform(-0.05f, 0.05f);
  constexpr float neck = 1.1f;
  const Point turned{-neck * static_cast<float>(math::sin_turns(static_cast<double>(place.roll))),
                     neck * static_cast<float>(math::cos_turns(static_cast<double>(place.roll)))};
  const Pose body{.roll = 0, .scale = head.scale, .shift = head.shift + head.scale * (turned - Point{0, neck})};

  canvas.look(head);
  paint_back_hair(canvas, sitter.person);
  canvas.look(body);
  paint_body(canvas, sitter.person);
  paint_shoulders(canvas, sitter.person);
  canvas.look(head);
  paint_face(canvas, sitter);
  paint_relief(canvas, sitter.person); // detectors know faces by it: eyes are darker than cheeks and nose
}

SceneFace label(const Place& place, const Head& head, float hairline, std::size_t expression) {
  // The middle of the box lies below the head's, along the turned axis.
  const float below = (head.chin - hairline) / 2, half_height = (head.chin + hairline) / 2;
  const auto sine = static_cast<float>(math::sin_turns(static_cast<double>(place.roll)));
  const auto cosine = static_cast<float>(math::cos_turns(static_cast<double>(place.roll)));
  const Point middle = place.head + place.unit * below * Point{-sine, cosine};
  const auto whole = [](float at) { return static_cast<int>(std::floor(at + 0.5f)); };
  SceneFace face;
  face.box.x = whole(middle.x - place.unit * head.width);
  face.box.y = whole(middle.y - place.unit * half_height);
  face.box.width = whole(2 * place.unit * head.width);
  face.box.height = whole(2 * place.unit * half_height);
  face.roll = 360 * place.roll;
  face.expression = expression;
  return face;
}

} // namespace
} // namespace faces

void check(const SceneOptions& options) {
  const auto expect = [](bool good, const auto&... text) {
    if (!good) throw Error(concat("draw_scene: ", text...));
  };
  for (const int side : {options.width, options.height}) {
    expect(side >= least_scene && side <= most_scene, "a side of ", side, " pixels was asked for; ", least_scene,
           " to ", most_scene, " are possible");
  }
  const int widest = std::min(options.width, options.height) / 3;
  expect(options.least_face >= smallest_face && options.least_face <= widest, "faces from ", options.least_face,
         " pixels on were asked for; ", smallest_face, " to ", widest, ", a third of the scene, are possible");
  expect(options.most_faces >= 1 && options.most_faces <= 100, "up to ", options.most_faces,
         " faces were asked for; 1 to 100 are possible");
  expect(options.tilted >= 0 && options.tilted <= 1, "a share of ", options.tilted,
         " tilted faces was asked for; 0 to 1 is possible");
}

Scene draw_scene(std::uint64_t seed, std::uint32_t index, const SceneOptions& options) {
  using namespace faces;
  check(options);
  Rng rng(seed, Purpose::scenes, 0, index);
  const auto places = draw_places(options, rng);
  Scene scene;
  Canvas canvas(options.width, options.height, {});
  paint_background(canvas, rng);
  for (std::size_t i = 0; i < places.size(); ++i) {
    Rng of_face(seed, Purpose::scenes, static_cast<std::uint32_t>(i) + 1, index);
    const std::size_t expression = of_face.below(static_cast<std::uint32_t>(expression_names.size()));
    const Sitter sitter = draw_sitter(expression, of_face, of_face);
    paint_person(canvas, places[i], sitter, options, of_face);
    scene.faces.push_back(label(places[i], sitter.person.head, sitter.person.hairline, expression));
  }
  scene.picture = canvas.photograph(draw_camera(rng), rng);
  return scene;
}

} // namespace mien
