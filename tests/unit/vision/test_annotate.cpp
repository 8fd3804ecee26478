// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/vision/annotate.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pictures.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <set>

using namespace mien;

namespace {

using Rgb = std::array<std::uint8_t, 3>;

Rgb at(const Image& picture, int x, int y) {
  const auto* p = &picture.pixels[static_cast<std::size_t>((y * picture.width + x) * 3)];
  return {p[0], p[1], p[2]};
}

/// The places of pixels that differ from a colour by `most` at most.
std::vector<std::pair<int, int>> where(const Image& picture, Rgb colour, int most = 0) {
  std::vector<std::pair<int, int>> places;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const auto near = [&](std::uint8_t a, std::uint8_t b) { return std::abs(a - b) <= most; };
      if (std::ranges::equal(at(picture, x, y), colour, near)) places.emplace_back(x, y);
    }
  }
  return places;
}

constexpr Rgb vermilion = {213, 94, 0}, green = {0, 158, 115}, blue = {0, 114, 178}, white = {255, 255, 255};

} // namespace

TEST_CASE("annotate: a frame of whole pixels stands just inside the box, with a dark rim on both sides") {
  const Image ground = test::constant(60, 50, 200);
  const Image drawn = annotated(ground, std::vector<Annotation>{{.box = {20, 10, 30, 25}}});
  CHECK((drawn.width == 60 && drawn.height == 50 && drawn.channels == 3));
  const auto frame = where(drawn, vermilion);
  CHECK(frame.size() == 2 * 30 + 2 * 23);
  for (const auto& [x, y] : frame) CHECK((x == 20 || x == 49 || y == 10 || y == 34));
  CHECK(where(drawn, {0, 0, 0}).size() == (2 * 32 + 2 * 25) + (2 * 28 + 2 * 21));
  CHECK(at(drawn, 35, 22) == Rgb{200, 200, 200});
  CHECK(annotated(ground, {}).pixels == std::vector<std::uint8_t>(60 * 50 * 3, 200)); // grey became RGB
}

TEST_CASE("annotate: a turned box is drawn turned, clockwise") {
  const auto frame_of = [](float roll) {
    return where(
        annotated(test::constant(100, 100, 128), std::vector<Annotation>{{.box = {20, 40, 60, 20}, .roll = roll}}),
        vermilion, 60);
  };
  const auto right = frame_of(90); // lying becomes standing
  REQUIRE(!right.empty());
  for (const auto& [x, y] : right) CHECK((x >= 40 && x < 60 && y >= 20 && y < 80));
  const auto slightly = frame_of(20); // the right end goes down
  REQUIRE(!slightly.empty());
  const auto lowest = std::ranges::max_element(slightly, {}, [](const auto& p) { return p.second; });
  const auto highest = std::ranges::min_element(slightly, {}, [](const auto& p) { return p.second; });
  CHECK(lowest->first > 60);
  CHECK(highest->first < 40);
}

TEST_CASE("annotate: a label stands on its box in the class's colour, with text that shows on it") {
  const Image ground = test::constant(200, 200, 128);
  const auto label = [&](int colour, const char* text) {
    return annotated(ground, std::vector<Annotation>{{.box = {60, 60, 80, 80}, .text = text, .colour = colour}});
  };
  const auto frame = where(label(0, ""), vermilion), with_label = where(label(0, "sad 9 %"), vermilion);
  CHECK(with_label.size() > frame.size() + 200);
  for (const auto& [x, y] : with_label) CHECK(y >= 60 - 11);
  CHECK(where(label(0, "sad 9 %"), {0, 0, 0}).size() > where(label(0, "      "), {0, 0, 0}).size() + 20);
  CHECK(where(label(5, "sad"), white).size() > 20); // blue is dark
  CHECK(!where(label(1, "sad"), green).empty());
  CHECK(label(7, "sad") != label(0, "sad"));
  CHECK(label(8, "sad") == label(0, "sad")); // the colours repeat
  CHECK(label(-2, "sad") == label(6, "sad"));
}

TEST_CASE("annotate: labels stay inside the picture, wherever the box is") {
  const Image ground = test::constant(120, 90, 128);
  const auto label_dots = [&](Box box, const char* text) { // white dots: the text on blue
    const auto drawn = annotated(ground, std::vector<Annotation>{{.box = box, .text = text, .colour = 5}});
    return where(drawn, white).size();
  };
  const auto whole = label_dots({40, 40, 30, 30}, "Surprise");
  CHECK(whole > 50);
  for (const Box box : {Box{0, 0, 120, 90}, Box{100, 0, 20, 20}, Box{0, 70, 20, 20}, Box{100, 70, 20, 20},
                        Box{-15, -15, 20, 20}, Box{115, 85, 30, 30}, Box{500, 500, 30, 30}}) {
    CHECK(label_dots(box, "Surprise") == whole);
  }
  CHECK(label_dots({40, 40, 30, 30}, "a text that is much longer than the picture is wide") > 100); // cut off
}

TEST_CASE("annotate: labels of neighbours hide neither each other nor a face where there is room elsewhere") {
  const Image ground = test::constant(300, 200, 128);
  const auto dots = [&](const std::vector<Annotation>& annotations) {
    return where(annotated(ground, annotations), white).size();
  };
  const Annotation left{.box = {100, 80, 40, 40}, .text = "surprise 93 %", .colour = 5};
  Annotation right = left;
  right.box.x = 145; // its label would begin on the left one's
  Annotation below = left;
  below.box.y = 121;
  const auto one = dots({left});
  CHECK(dots({left, right}) == 2 * one);
  CHECK(dots({left, right, below}) == 3 * one);
  const auto pair = annotated(ground, std::vector<Annotation>{left, below});
  for (int y = 84; y < 116; ++y) { // the insides of both boxes
    for (int x = 104; x < 136; ++x) {
      CHECK(at(pair, x, y) == Rgb{128, 128, 128});
      CHECK(at(pair, x, y + 41) == Rgb{128, 128, 128});
    }
  }
}

TEST_CASE("annotate: lines and text grow with the picture and with the face") {
  const auto dots = [](int size, int face) {
    const Box box{size / 3, size / 3, face, face};
    const auto drawn =
        annotated(test::constant(size, size, 128), std::vector<Annotation>{{.box = box, .text = "I", .colour = 5}});
    return where(drawn, white).size();
  };
  CHECK(dots(100, 30) == 11);
  CHECK(dots(2000, 30) == 11 * 9);   // three pixels a dot at least
  CHECK(dots(2000, 900) == 11 * 64); // and eight at most
}

TEST_CASE("annotate: boxes anywhere and of any size do no harm, and half a picture is refused") {
  constexpr int huge = std::numeric_limits<int>::max();
  const Image ground = test::constant(50, 50, 128);
  for (const Box box : {Box{0, 0, 0, 0}, Box{10, 10, -5, -5}, Box{huge, huge, 1, 1}, Box{-huge, -huge, huge, huge},
                        Box{0, 0, huge, huge}, Box{20, 20, 1, 1}}) {
    CHECK(annotated(ground, std::vector<Annotation>{{.box = box, .roll = 30, .text = "happy"}}).width == 50);
    CHECK(blurred(ground, std::vector<Box>{box}) == ground);
  }
  const Image half{4, 4, 3, {1, 2, 3}};
  CHECK_THROWS_WITH(annotated(half, {}), Catch::StartsWith("annotated: no whole picture"));
  CHECK_THROWS_WITH(blurred(half, {}), Catch::StartsWith("blurred: no whole picture"));
  const float no_number = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_AS(annotated(ground, std::vector<Annotation>{{.box = {1, 1, 9, 9}, .roll = no_number}}), Error);
}

TEST_CASE("blur: the whole box is changed, little around it, and nothing far from it") {
  for (const int channels : {1, 3}) {
    const Image before = test::noise(120, 100, channels);
    const Image after = blurred(before, std::vector<Box>{{40, 30, 40, 30}});
    const auto same = [&](int x, int y) {
      const auto i = static_cast<std::size_t>((y * 120 + x) * channels);
      return std::equal(&before.pixels[i], &before.pixels[i] + channels, &after.pixels[i]);
    };
    int kept = 0;
    for (int y = 0; y < 100; ++y) {
      for (int x = 0; x < 120; ++x) {
        const bool inside = x >= 40 && x < 80 && y >= 30 && y < 60;
        const bool far = x < 31 || x >= 89 || y < 23 || y >= 67;
        if (inside) kept += same(x, y);
        if (far) CHECK(same(x, y));
      }
    }
    CHECK(kept < 40); // by chance one of 256, or fewer
  }
}

TEST_CASE("blur: a face of any size is left with 25 colours, and what lies between them") {
  // Two pictures with the same coarse structure become nearly the same: what told them apart is gone.
  for (const int size : {10, 40, 300}) {
    Image fine = test::constant(size, size, 0);
    for (int y = 0; y < size; ++y) { // a fine chessboard
      for (int x = 0; x < size; ++x) fine.pixels[static_cast<std::size_t>(y * size + x)] = (x + y) % 2 == 0 ? 0 : 255;
    }
    const Image after = blurred(fine, std::vector<Box>{{0, 0, size, size}});
    for (const auto value : after.pixels) CHECK((value > 100 && value < 155));
  }
}

TEST_CASE("blur: a box at the edge is hidden as far as it lies in the picture, a small face too") {
  const Image before = test::noise(40, 40, 3);
  const Image after = blurred(before, std::vector<Box>{{-10, 30, 20, 20}, {25, 5, 6, 6}});
  CHECK(at(before, 0, 39) != at(after, 0, 39));
  CHECK(at(before, 28, 8) != at(after, 28, 8));
  CHECK(at(before, 20, 20) == at(after, 20, 20));
}
