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

constexpr float neck = 1.1f; // from the head's middle down to where the head turns, in drawing units

/// Where a person stands, in pixels.
struct Place {
  float unit = 0; ///< pixels a drawing unit; a head is two wide with its hair
  float roll = 0; ///< turns, clockwise
  Point down;     ///< from the crown to the chin, one long
  Point head;     ///< the head's middle

  /// The middle of the body, which stands upright whichever way the head is turned.
  [[nodiscard]] Point body() const noexcept { return head + unit * neck * (down - Point{0, 1}); }
  [[nodiscard]] Box head_box() const noexcept {
    Box box;
    box.include(head, 1.25f * unit);
    return box;
  }
  [[nodiscard]] Box body_box(int height) const noexcept {
    const Point middle = body();
    return {middle.x - 1.8f * unit, middle.y + 0.9f * unit, middle.x + 1.8f * unit, static_cast<float>(height)};
  }
};

bool apart(const Box& a, const Box& b) noexcept {
  return a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
}

/// Places a person where the head is whole and hides nobody who stands behind; or nowhere, if that is not found.
void add_place(std::vector<Place>& behind, Place place, const SceneOptions& options, Rng& rng) {
  const float margin = 1.25f * place.unit;
  for (int tries = 0; tries < 100; ++tries) {
    place.head.x = rng.uniform(margin, static_cast<float>(options.width) - margin);
    place.head.y = rng.uniform(margin, static_cast<float>(options.height) - margin);
    const bool hides = std::ranges::any_of(behind, [&](const Place& other) {
      const Box face = other.head_box();
      return !apart(place.head_box(), face) || !apart(place.body_box(options.height), face);
    });
    if (!hides) return behind.push_back(place);
  }
}

/// A person's size and the turn of the head.
Place draw_place(const SceneOptions& options, Rng& rng) {
  constexpr float face = 1.42f; // the width of a middling one, in drawing units
  const auto least = static_cast<float>(options.least_face);
  const float most = static_cast<float>(std::min(options.width, options.height)) / 3;
  const float near = rng.uniform();
  const bool tilted = rng.uniform() < options.tilted;
  const float degrees = tilted ? rng.uniform(20, 40) : rng.uniform(0, 8);
  Place place;
  place.unit = (least + (most - least) * near * near) / face;
  place.roll = (rng.below(2) == 0 ? -1.0f : 1.0f) * degrees / 360;
  place.down.x = -static_cast<float>(math::sin_turns(static_cast<double>(place.roll)));
  place.down.y = static_cast<float>(math::cos_turns(static_cast<double>(place.roll)));
  return place;
}

/// From the farthest to the nearest.
std::vector<Place> draw_places(const SceneOptions& options, Rng& rng) {
  const auto most = static_cast<std::uint32_t>(options.most_faces);
  std::vector<Place> wanted, places;
  for (auto faces = most - rng.below((most + 1) / 2); faces > 0; --faces) wanted.push_back(draw_place(options, rng));
  std::ranges::sort(wanted, {}, &Place::unit);
  for (const Place& place : wanted) add_place(places, place, options, rng);
  return places;
}

/// Paints one person; the head is turned about the neck.
void paint_person(Canvas& canvas, const Place& place, const Sitter& sitter, const SceneOptions& options, Rng& rng) {
  const float scale = 2 / static_cast<float>(std::min(options.width, options.height)); // picture units a pixel
  const Point middle{static_cast<float>(options.width) / 2, static_cast<float>(options.height) / 2};
  Pose head{.roll = place.roll, .scale = scale * place.unit, .shift = scale * (place.head - middle)};
  head.yaw = rng.uniform(-0.12f, 0.12f);
  head.nod = rng.uniform(-0.05f, 0.05f);
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

SceneFace label(const Place& place, const Person& person, std::size_t expression) {
  // The middle of the box lies below the head's, along the turned axis.
  const float half_width = place.unit * person.head.width;
  const float half_height = place.unit * (person.head.chin + person.hairline) / 2;
  const Point middle = place.head + (place.unit * person.head.chin - half_height) * place.down;
  const auto whole = [](float at) { return static_cast<int>(std::floor(at + 0.5f)); };
  SceneFace face;
  face.box.x = whole(middle.x - half_width);
  face.box.y = whole(middle.y - half_height);
  face.box.width = whole(2 * half_width);
  face.box.height = whole(2 * half_height);
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
    scene.faces.push_back(label(places[i], sitter.person, expression));
  }
  scene.picture = canvas.photograph(draw_camera(rng), rng);
  return scene;
}

} // namespace mien
