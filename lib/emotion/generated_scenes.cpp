// SPDX-License-Identifier: Apache-2.0
// Who stands where in a scene, from the farthest to the nearest.
#include "mien/emotion/generated_scenes.hpp"

#include "lib/emotion/place.hpp"
#include "mien/core/error.hpp"
#include "mien/emotion/labels.hpp"

#include <algorithm>

namespace mien {
namespace faces {
namespace {

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
  const auto least = static_cast<float>(options.least_face);
  const float most = static_cast<float>(std::min(options.width, options.height)) / 3;
  const float near = rng.uniform();
  const bool tilted = rng.uniform() < options.tilted;
  const float degrees = tilted ? rng.uniform(20, 40) : rng.uniform(0, 8);
  Place place;
  place.unit = (least + (most - least) * near * near) / middling_face;
  place.turn((rng.below(2) == 0 ? -1.0f : 1.0f) * degrees / 360);
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
  auto places = draw_places(options, rng);
  Scene scene;
  Canvas canvas(options.width, options.height, {});
  paint_background(canvas, rng);
  for (std::size_t i = 0; i < places.size(); ++i) {
    Rng of_face(seed, Purpose::scenes, static_cast<std::uint32_t>(i) + 1, index);
    const std::size_t expression = of_face.below(static_cast<std::uint32_t>(expression_names.size()));
    const Sitter sitter = draw_sitter(expression, of_face, of_face);
    places[i].yaw = of_face.uniform(-0.12f, 0.12f);
    places[i].nod = of_face.uniform(-0.05f, 0.05f);
    paint_person(canvas, places[i], sitter, options.width, options.height);
    scene.faces.push_back({face_box(places[i], sitter.person), 360 * places[i].roll, expression});
  }
  scene.picture = canvas.photograph(draw_camera(rng), rng);
  return scene;
}

} // namespace mien
