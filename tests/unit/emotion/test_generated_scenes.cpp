// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/emotion/generated_scenes.hpp"
#include "mien/emotion/labels.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/vision/face_detector.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

#include <algorithm>
#include <fstream>
#include <set>

using namespace mien;
namespace fs = std::filesystem;

namespace {

double overlap(const Box& a, const Box& b) { // intersection over union
  const int width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  const int height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  const double both = double(std::max(0, width)) * std::max(0, height);
  return both / (double(a.width) * a.height + double(b.width) * b.height - both);
}

std::uint64_t fnv1a(const std::vector<std::uint8_t>& bytes) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001b3u;
  return hash;
}

} // namespace

TEST_CASE("generated scenes: a seed gives these bytes and boxes on every machine") {
  // As with the faces: whoever changes the drawing writes the new figures here.
  const Scene scene = draw_scene(1, 0);
  CHECK(fnv1a(scene.picture.pixels) == 0x92ca4af48cad0887);
  CHECK(fnv1a(draw_scene(1, 7, {.width = 320, .height = 400, .tilted = 0.5f}).picture.pixels) == 0xeac4d5876113e925);
  REQUIRE(scene.faces.size() == 4);
  CHECK(scene.faces[0].box == Box{220, 212, 45, 55});
  CHECK(scene.faces[0].expression == expression_index("surprise"));
  CHECK(scene.faces[0].roll == Approx(-3.4).margin(0.05));
}

TEST_CASE("generated scenes: another seed or index is another scene") {
  const auto first = draw_scene(1, 0);
  CHECK(draw_scene(1, 0).picture == first.picture);
  CHECK(draw_scene(1, 1).picture != first.picture);
  CHECK(draw_scene(2, 0).picture != first.picture);
  CHECK(draw_scene(1, 1).faces != first.faces);
}

TEST_CASE("generated scenes: faces of many sizes are whole, apart, and of every expression") {
  const SceneOptions options{.width = 250, .height = 150, .least_face = 16};
  std::set<std::size_t> expressions;
  std::size_t faces = 0, small = 0, large = 0, upright = 0;
  for (std::uint32_t i = 0; i < 50; ++i) {
    const Scene scene = draw_scene(3, i, options);
    REQUIRE((scene.picture.width == 250 && scene.picture.height == 150 && scene.picture.channels == 1));
    REQUIRE((!scene.faces.empty() && scene.faces.size() <= 6));
    for (const auto& face : scene.faces) {
      const Box& box = face.box;
      CHECK((box.x >= 0 && box.y >= 0 && box.x + box.width <= 250 && box.y + box.height <= 150));
      CHECK((box.width >= 14 && box.width <= 55)); // heads are narrower and wider than the middling one
      for (const auto& other : scene.faces) CHECK((&other == &face || overlap(other.box, box) == 0));
      CHECK(std::abs(face.roll) <= 8);
      expressions.insert(face.expression);
      ++faces;
      small += box.width < 24;
      large += box.width > 34;
      upright += std::abs(face.roll) < 2;
    }
  }
  CHECK(expressions.size() == expression_names.size());
  CAPTURE(faces, small, large, upright);
  CHECK(faces > 150);
  CHECK((small > faces / 4 && large > faces / 20 && upright < faces / 2));
}

TEST_CASE("generated scenes: as many faces are tilted as are asked for, both ways") {
  int right = 0, left = 0, upright = 0;
  for (std::uint32_t i = 0; i < 40; ++i) {
    for (const auto& face : draw_scene(4, i, {.width = 200, .height = 150, .tilted = 0.5f}).faces) {
      const float degrees = std::abs(face.roll);
      CHECK((degrees <= 8 || (degrees >= 20 && degrees <= 40)));
      if (degrees <= 8) {
        ++upright;
      } else {
        ++(face.roll > 0 ? right : left);
      }
    }
  }
  CHECK((right > 10 && left > 10 && upright > 20));
}

TEST_CASE("generated scenes: the detector finds nine in ten upright faces where their boxes say") {
  const auto detector = default_detector({.cascade = {.min_face = 30}});
  std::size_t faces = 0, found = 0, false_alarms = 0;
  for (std::uint32_t i = 0; i < 20; ++i) {
    const Scene scene = draw_scene(1, i, {.width = 400, .height = 300});
    const auto detections = detector->detect(scene.picture, 2);
    std::size_t here = 0;
    for (const auto& face : scene.faces) {
      here += std::ranges::any_of(detections, [&](const auto& d) { return overlap(d.box, face.box) >= 0.4; });
    }
    faces += scene.faces.size();
    found += here;
    false_alarms += detections.size() - here;
  }
  CAPTURE(faces, found, false_alarms);
  CHECK(faces >= 60);
  CHECK(10 * found >= 9 * faces);
  CHECK(false_alarms <= 4);
}

TEST_CASE("generated scenes: what cannot be drawn is refused with a sentence") {
  CHECK_THROWS_WITH(draw_scene(1, 0, {.width = 63}),
                    "draw_scene: a side of 63 pixels was asked for; 64 to 8192 are possible");
  CHECK_THROWS_AS(draw_scene(1, 0, {.height = 8193}), Error);
  CHECK_THROWS_AS(draw_scene(1, 0, {.least_face = 15}), Error);
  CHECK_THROWS_WITH(draw_scene(1, 0, {.least_face = 161}), Catch::Contains("16 to 160, a third of the scene"));
  CHECK_THROWS_AS(draw_scene(1, 0, {.most_faces = 0}), Error);
  CHECK_THROWS_AS(draw_scene(1, 0, {.tilted = 1.5f}), Error);
  CHECK(draw_scene(1, 0, {.width = 64, .height = 64, .least_face = 16, .most_faces = 1}).faces.size() == 1);
}

TEST_CASE("generated scenes: a folder holds the pictures and one list of what is in them") {
  const test::TempFolder scratch;
  std::size_t last = 0;
  const GeneratedSceneOptions options{.count = 2, .seed = 5, .scene = {.width = 160, .height = 120}};
  generate_scenes(scratch / "s", options, [&](std::size_t done, std::size_t) { last = done; });
  CHECK(last == 2);
  const Scene second = draw_scene(5, 1, options.scene);
  CHECK(read_image(scratch / "s" / "scenes" / "00001.png") == second.picture);
  const auto bytes = read_file(scratch / "s" / "scenes.json");
  const std::string list(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  CHECK_THAT(list, Catch::StartsWith(R"([{"image":"scenes/00000.png","width":160,"height":120,"faces":[{"box":[)"));
  const auto& face = second.faces.at(0);
  CHECK_THAT(list, Catch::Contains(concat(R"({"image":"scenes/00001.png","width":160,"height":120,"faces":[{"box":[)",
                                          face.box.x, ",", face.box.y, ",", face.box.width, ",", face.box.height,
                                          R"(],"label":")", expression_names[face.expression], R"(","roll":)")));
  CHECK_THAT(list, Catch::EndsWith("}]}]\n"));

  CHECK_THROWS_WITH(generate_scenes(scratch / "s", options), Catch::Contains("holds files already"));
  CHECK_NOTHROW(generate_scenes(scratch / "s", {.count = 1, .scene = options.scene, .force = true}));
  CHECK_THROWS_AS(generate_scenes(scratch / "t", {.count = 0, .scene = {}}), Error);
  CHECK_THROWS_AS(generate_scenes(scratch / "t", {.count = 1, .scene = {.width = 1}}), Error);
  CHECK_FALSE(fs::exists(scratch / "t"));
}
