// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/data/cut.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pictures.hpp"

#include <cmath>
#include <limits>
#include <numbers>

using namespace mien;

namespace {

/// The byte at a place that may lie outside, where the nearest counts.
int pixel(const Image& image, int x, int y, int c = 0) {
  x = std::clamp(x, 0, image.width - 1);
  y = std::clamp(y, 0, image.height - 1);
  return image.pixels[static_cast<std::size_t>((y * image.width + x) * image.channels + c)];
}

/// The definition of a turned cut, in floating point.
double turned_pixel(const Image& image, const FaceSquare& square, int column, int row, int c) {
  const double angle = square.degrees * std::numbers::pi / 180, half = std::round(square.side) / 2;
  const double u = column + 0.5 - half, v = row + 0.5 - half;
  const double x = square.x + u * std::cos(angle) - v * std::sin(angle) - 0.5;
  const double y = square.y + u * std::sin(angle) + v * std::cos(angle) - 0.5;
  const int x0 = static_cast<int>(std::floor(x)), y0 = static_cast<int>(std::floor(y));
  const double right = x - x0, below = y - y0;
  return (pixel(image, x0, y0, c) * (1 - right) + pixel(image, x0 + 1, y0, c) * right) * (1 - below) +
         (pixel(image, x0, y0 + 1, c) * (1 - right) + pixel(image, x0 + 1, y0 + 1, c) * right) * below;
}

} // namespace

TEST_CASE("cut: an upright square is an exact copy, and outside the picture the nearest pixel counts") {
  for (const int channels : {1, 3}) {
    const Image image = test::noise(20, 14, channels);
    for (const auto& [left, top, n] : {std::array{3, 2, 8}, {-5, -4, 9}, {15, 9, 11}, {-3, -3, 40}, {100, 100, 2}}) {
      const Image result = cut(image, {.x = left + n / 2.0, .y = top + n / 2.0, .side = n * 1.0});
      REQUIRE((result.width == n && result.height == n && result.channels == channels));
      bool same = true;
      for (int y = 0; y < n; ++y)
        for (int x = 0; x < n; ++x)
          for (int c = 0; c < channels; ++c)
            same = same && pixel(result, x, y, c) == pixel(image, left + x, top + y, c);
      CHECK(same);
    }
  }
}

TEST_CASE("cut: a square picture is its own square, and fractions go to the nearest pixel") {
  const Image image = test::noise(9, 9, 3);
  CHECK(cut(image, {.x = 4.5, .y = 4.5, .side = 9}) == image);
  CHECK(cut(image, {.x = 4.9, .y = 4.1, .side = 9.4}) == image);
  CHECK(cut(image, {.x = 5.0, .y = 4.5, .side = 9}) == cut(image, {.x = 5.5, .y = 4.5, .side = 9}));
}

TEST_CASE("cut: a turned square is interpolated between pixel centres") {
  const Image image = test::noise(30, 25, 3);
  for (const FaceSquare square : {FaceSquare{15, 12, 10, 20}, {14.3, 12.9, 11.2, -33.3}, {2, 3, 16, 170}}) {
    const Image result = cut(image, square);
    double worst = 0;
    for (int y = 0; y < result.height; ++y)
      for (int x = 0; x < result.width; ++x)
        for (int c = 0; c < 3; ++c)
          worst = std::max(worst, std::abs(pixel(result, x, y, c) - turned_pixel(image, square, x, y, c)));
    CHECK(worst < 2.5); // half a level for rounding; weights of 8 bits are up to 1/256 short, twice, of 255 levels
  }
}

TEST_CASE("cut: a quarter turn clockwise puts the square's top on the picture's right") {
  const Image image{2, 2, 1, {1, 2, 3, 4}};
  CHECK(cut(image, {.x = 1, .y = 1, .side = 2, .degrees = 90}) == Image{2, 2, 1, {2, 4, 1, 3}});
  CHECK(cut(image, {.x = 1, .y = 1, .side = 2, .degrees = -90}) == Image{2, 2, 1, {3, 1, 4, 2}});
  CHECK(cut(image, {.x = 1, .y = 1, .side = 2, .degrees = 180}) == Image{2, 2, 1, {4, 3, 2, 1}});
  CHECK(cut(image, {.x = 1, .y = 1, .side = 1, .degrees = 180}) == Image{1, 1, 1, {3}}); // the mean, 2.5, rounded
}

TEST_CASE("cut: what cannot be cut is refused with the numbers") {
  const Image image = test::noise(8, 8, 1);
  CHECK_THROWS_WITH(cut(image, {.x = 4, .y = 4, .side = 0.4}), Catch::Contains("a square of side 0.4 at (4, 4)"));
  CHECK_THROWS_AS(cut(image, {.x = 4, .y = 4, .side = 10'001}), Error);
  CHECK_THROWS_AS(cut(image, {.x = 2e6, .y = 4, .side = 4}), Error);
  CHECK_THROWS_AS(cut(image, {.x = 4, .y = std::numeric_limits<double>::quiet_NaN(), .side = 4}), Error);
  CHECK_THROWS_AS(cut(image, {.x = 4, .y = 4, .side = 4, .degrees = std::numeric_limits<double>::infinity()}), Error);
  CHECK_THROWS_WITH(cut({}, {.x = 4, .y = 4, .side = 4}), Catch::Contains("0x0x1 with 0 bytes"));
  CHECK_THROWS_AS(cut({8, 8, 2, image.pixels}, {.x = 4, .y = 4, .side = 4}), Error);
  CHECK_THROWS_AS(cut({8, 9, 1, image.pixels}, {.x = 4, .y = 4, .side = 4}), Error);
}
