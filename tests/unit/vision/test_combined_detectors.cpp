// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/data/cut.hpp"
#include "mien/emotion/generated_faces.hpp"
#include "mien/vision/cascade.hpp"
#include "mien/vision/cascade_detector.hpp"
#include "mien/vision/combined_detectors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pictures.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

using namespace mien;

namespace {

Detection face(int x, int y, int size, int neighbors, double score = 1) {
  return {{x, y, size, size}, score, neighbors, 0};
}

/// Answers what a function answers.
class Fake final : public Detector {
public:
  using Answer = std::function<std::vector<Detection>(const Image&)>;
  explicit Fake(Answer answer) : answer_(std::move(answer)) {}
  [[nodiscard]] std::vector<Detection> detect(const Image& picture, int) const override { return answer_(picture); }

private:
  Answer answer_;
};

std::shared_ptr<const Detector> fake(Fake::Answer answer) { return std::make_shared<Fake>(std::move(answer)); }

/// A box of 9x9 around the brightest pixel.
std::vector<Detection> brightest(const Image& picture) {
  const auto place = static_cast<int>(std::ranges::max_element(picture.pixels) - picture.pixels.begin());
  return {face(place % picture.width - 4, place / picture.width - 4, 9, 5)};
}

Image with_dot(int width, int height, int x, int y) {
  auto picture = test::constant(width, height, 10);
  for (int dy = -1; dy <= 1; ++dy)
    for (int dx = -1; dx <= 1; ++dx)
      picture.pixels[static_cast<std::size_t>((y + dy) * width + x + dx)] = dx == 0 && dy == 0 ? 255 : 100;
  return picture;
}

} // namespace

TEST_CASE("doubles: of faces that overlap the one with most windows stays, the surest comes first") {
  const auto kept = without_doubles(std::vector{face(0, 0, 40, 3), face(5, 5, 40, 9), face(200, 0, 40, 9, 2.0),
                                                face(36, 0, 40, 1), face(300, 0, 9, 1)});
  CHECK(kept == std::vector{face(200, 0, 40, 9, 2.0), face(5, 5, 40, 9), face(36, 0, 40, 1), face(300, 0, 9, 1)});
}

TEST_CASE("union: what any detector finds, once") {
  const UnionDetector both({fake([](auto&) {
                              return std::vector{face(0, 0, 40, 3), face(100, 0, 40, 2)};
                            }),
                            fake([](auto&) {
                              return std::vector{face(2, 0, 40, 4), face(200, 0, 40, 1)};
                            })});
  CHECK(both.detect(test::constant(300, 60, 0)) ==
        std::vector{face(2, 0, 40, 4), face(100, 0, 40, 2), face(200, 0, 40, 1)});
}

TEST_CASE("mirrored: what is found in the mirror image stands where it is in the picture") {
  // Only the left half is looked at.
  const MirroredDetector detector(fake([](const Image& picture) {
    auto found = brightest(picture);
    if (found[0].box.x > picture.width / 2) found.clear();
    return found;
  }));
  CHECK(detector.detect(with_dot(101, 30, 80, 12)) == std::vector{face(76, 8, 9, 5)});
  CHECK(detector.detect(with_dot(101, 30, 20, 12)) == std::vector{face(16, 8, 9, 5)});
}

TEST_CASE("tilted: what is found in the turned picture stands where it is in the picture") {
  const Fake::Answer only_turned = [](const Image& picture) { // a turned picture is square
    return picture.width == picture.height ? brightest(picture) : std::vector<Detection>{};
  };
  for (const float turn : {-90.0f, -30.0f, 15.0f, 45.0f, 90.0f, 180.0f}) {
    for (const auto& [x, y] : {std::pair{20, 12}, std::pair{80, 30}, std::pair{3, 55}}) {
      INFO(turn << " degrees, " << x << ", " << y);
      const auto found = TiltedDetector(fake(only_turned), {turn}).detect(with_dot(101, 60, x, y));
      REQUIRE(found.size() == 1);
      CHECK(std::abs(found[0].box.x + 4 - x) <= 1);
      CHECK(std::abs(found[0].box.y + 4 - y) <= 1);
      CHECK(found[0].roll == turn);
    }
  }
}

TEST_CASE("tilted: what lies beyond the picture's edges is nothing") {
  const TiltedDetector detector(fake([](auto&) { return std::vector{face(0, 0, 9, 5)}; }), {45});
  CHECK(detector.detect(test::constant(101, 60, 0)).size() == 1); // the upright look; the turned one is in a corner
}

TEST_CASE("tilted: a drawn face that is turned by 35 degrees is found, with its angle") {
  const auto upright = std::make_shared<CascadeDetector>(named_cascade("frontalface_default"));
  const auto drawn = draw_face(4, 1, 0, 100);
  const auto picture = cut(drawn, {.x = 50, .y = 50, .side = 160, .degrees = -35}); // the face leans to the right
  CHECK(upright->detect(cut(drawn, {.x = 50, .y = 50, .side = 160})).size() == 1);
  CHECK(upright->detect(picture).empty());
  const auto found = TiltedDetector(upright).detect(picture);
  REQUIRE(found.size() == 1);
  CHECK(found[0].roll == 30);
  CHECK(std::abs(found[0].box.x + found[0].box.width / 2 - 80) < 12);
  CHECK(TiltedDetector(upright).detect(picture, 3) == found);
}

TEST_CASE("combined detectors: what makes no sense is refused with a sentence") {
  CHECK_THROWS_WITH(UnionDetector({}), Catch::Contains("there is none"));
  CHECK_THROWS_WITH(UnionDetector({nullptr}), Catch::Contains("there is none"));
  CHECK_THROWS_WITH(MirroredDetector(nullptr), Catch::Contains("there is none"));
  CHECK_THROWS_WITH(TiltedDetector(nullptr), Catch::Contains("there is none"));
  const auto none = fake([](auto&) { return std::vector<Detection>{}; });
  CHECK_THROWS_WITH(TiltedDetector(none, {181}), Catch::Contains("a turn of 181 degrees"));
  CHECK_THROWS_WITH(TiltedDetector(none).detect(test::constant(10'001, 1, 0)),
                    Catch::Contains("too large to be turned"));
}
