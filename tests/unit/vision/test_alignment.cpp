// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/data/cut.hpp"
#include "mien/emotion/generated_faces.hpp"
#include "mien/vision/alignment.hpp"
#include "mien/vision/face_finder.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pictures.hpp"

#include <cmath>

using namespace mien;

namespace {

/// Drawn faces of 160 pixels, turned clockwise by so much; the box is the whole picture.
std::vector<Image> turned_faces(double degrees, int count = 20) {
  std::vector<Image> faces;
  for (int i = 0; i < count; ++i) {
    const Image face = draw_face(static_cast<std::size_t>(i % 7), 5, static_cast<std::uint32_t>(i), 160);
    faces.push_back(cut(face, {.x = 80, .y = 80, .side = 160, .degrees = -degrees}));
  }
  return faces;
}

struct Found {
  int faces = 0;
  double roll = 0; ///< the mean
};

Found find_eyes(const std::vector<Image>& faces, const Detection& box) {
  const EyeFinder finder;
  Found found;
  for (const auto& face : faces) {
    const auto eyes = finder.find(face, box);
    if (!eyes) continue;
    ++found.faces;
    found.roll += eyes->roll();
  }
  found.roll /= found.faces;
  return found;
}

/// Finds one box in every picture.
class OneBox final : public Detector {
public:
  explicit OneBox(const Detection& box) : box_(box) {}
  [[nodiscard]] std::vector<Detection> detect(const Image&, int) const override { return {box_}; }

private:
  Detection box_;
};

} // namespace

TEST_CASE("alignment: the eyes of most drawn faces are found, and turn with the face") {
  const Detection box{.box = {0, 0, 160, 160}};
  const auto level = find_eyes(turned_faces(0), box);
  CHECK(level.faces >= 14);
  for (const double degrees : {-12.0, 12.0}) {
    const auto turned = find_eyes(turned_faces(degrees), box);
    INFO(degrees << ": " << turned.faces << " faces, " << turned.roll - level.roll << " degrees");
    CHECK(turned.faces >= 14);
    CHECK(std::abs(turned.roll - level.roll - degrees) <
          3); // each face has a pose of its own, drawn before it is turned
  }
}

TEST_CASE("alignment: of a turned detection the eyes are searched as it is turned") {
  for (const float degrees : {90.0f, -40.0f}) {
    const auto turned =
        find_eyes(turned_faces(static_cast<double>(degrees)), {.box = {0, 0, 160, 160}, .roll = degrees});
    CHECK(turned.faces >= 12);
    CHECK(std::abs(turned.roll - static_cast<double>(degrees)) < 4);
  }
  const Image face = turned_faces(0, 1)[0];
  const auto upright = EyeFinder().find(face, {.box = {0, 0, 160, 160}});
  const auto lying = EyeFinder().find(turned_faces(90, 1)[0], {.box = {0, 0, 160, 160}, .roll = 90});
  REQUIRE((upright && lying));
  CHECK(lying->left_x == Approx(160 - upright->left_y)); // what was up is right
  CHECK(lying->left_y == Approx(upright->left_x));
  CHECK(lying->right_x == Approx(160 - upright->right_y));
}

TEST_CASE("alignment: eyes are told in pixels of the picture, wherever the face is") {
  const Image face = turned_faces(0, 1)[0];
  const auto alone = EyeFinder().find(face, {.box = {0, 0, 160, 160}});
  REQUIRE(alone);
  CHECK((alone->left_x > 30 && alone->left_x < 70 && alone->right_x > 90 && alone->right_x < 130));
  CHECK((alone->left_y > 40 && alone->left_y < 90));
  Image wide{300, 200, 1, std::vector<std::uint8_t>(300 * 200, 99)};
  for (std::size_t y = 0; y < 160; ++y) std::copy_n(&face.pixels[y * 160], 160, &wide.pixels[(y + 30) * 300 + 100]);
  const auto moved = EyeFinder().find(wide, {.box = {100, 30, 160, 160}});
  REQUIRE(moved);
  CHECK(moved->left_x == alone->left_x + 100);
  CHECK(moved->right_y == alone->right_y + 30);
}

TEST_CASE("alignment: a face finder turns the square until the eyes are level, and leaves it where it finds none") {
  const Detection box{.box = {0, 0, 160, 160}, .score = 7};
  const FaceCrop crop{.scale = 0.9, .y = 0.1, .aligned = true};
  const FaceFinder finder(std::make_shared<OneBox>(box), crop);
  const Image face = turned_faces(12, 1)[0];
  const auto eyes = EyeFinder().find(face, box);
  REQUIRE(eyes);
  auto level = box;
  level.roll = static_cast<float>(eyes->roll());
  const auto found = finder.find(face);
  REQUIRE(found.size() == 1);
  CHECK(found[0] == FoundFace{box, face_square(level, crop)});
  CHECK(found[0].square.degrees != 0);

  const Image plain = test::constant(160, 160, 128);
  CHECK_FALSE(EyeFinder().find(plain, box));
  CHECK(finder.find(plain).at(0).square == face_square(box, crop));
  const FaceFinder upright(std::make_shared<OneBox>(box), {.scale = 0.9, .y = 0.1});
  CHECK(upright.find(face).at(0).square == face_square(box, crop));
}
