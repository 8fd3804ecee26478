// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/emotion/generated_scenes.hpp"
#include "mien/vision/cascade.hpp"
#include "mien/vision/cascade_detector.hpp"
#include "mien/vision/combined_detectors.hpp"
#include "mien/vision/overlap.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <limits>

using namespace mien;

namespace {

std::shared_ptr<const CascadeDetector> cascade(const CascadeSettings& settings = {}) {
  return std::make_shared<CascadeDetector>(named_cascade("frontalface_default"), settings);
}

const Image& scene() {
  static const Image picture = draw_scene(1, 0).picture;
  return picture;
}

Search around(const Box& box) {
  return {.region = {box.x - box.width / 2, box.y - box.height / 2, 2 * box.width, 2 * box.height},
          .least = box.width * 2 / 3,
          .most = box.width * 3 / 2};
}

/// Whether a detector finds around each face what it finds in the whole picture, and nothing of another size.
void finds_the_same(const Detector& detector) {
  const auto whole = detector.detect(scene());
  REQUIRE(whole.size() > 1);
  for (const auto& face : whole) {
    const auto search = around(face.box);
    const auto near = detector.detect_in(scene(), search);
    CHECK(std::ranges::any_of(near, [&](const Detection& d) { return overlap(d.box, face.box) > 0.7; }));
    for (const auto& found : near) {
      CHECK(found.box.width >= search.least);
      CHECK(found.box.width <= search.most);
      CHECK(overlap(found.box, search.region) > 0);
    }
  }
}

} // namespace

TEST_CASE("detect_in: around a face the same face is found") {
  finds_the_same(*cascade());
  finds_the_same(UnionDetector({cascade()})); // by what every detector can do
}

TEST_CASE("detect_in: what lies elsewhere or has another size is not") {
  const auto detector = cascade();
  const auto whole = detector->detect(scene());
  REQUIRE(!whole.empty());
  const auto& box = whole[0].box;
  auto search = around(box);
  search.least = 2 * box.width;
  search.most = 3 * box.width;
  CHECK(detector->detect_in(scene(), search).empty());
  CHECK(detector->detect_in(scene(), {.region = {0, 0, 20, 20}}).empty());
  CHECK(detector->detect_in(scene(), {.region = {-500, -500, 400, 400}}).empty());
  CHECK(detector->detect_in(scene(), {.region = {0, 0, 0, 0}}).empty());
  constexpr int far = std::numeric_limits<int>::max();
  CHECK(detector->detect_in(scene(), {.region = {-far, -far, far, far}}).empty());
  CHECK(detector->detect_in(scene(), {.region = {0, 0, far, far}}).size() == whole.size());
  CHECK(cascade({.min_face = 100})->detect_in(scene(), {.region = {0, 0, far, far}, .least = 20, .most = 90}).empty());
  CHECK_THROWS_AS(detector->detect_in({.width = 9, .height = 9, .channels = 1, .pixels = {}}, {.region = {0, 0, 9, 9}}),
                  Error);
}
