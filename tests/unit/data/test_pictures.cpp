// SPDX-License-Identifier: Apache-2.0
// From any picture to a network's input: grey, size, floats.
#include "mien/core/error.hpp"
#include "mien/data/grey.hpp"
#include "mien/data/preprocessing.hpp"
#include "mien/data/resize.hpp"
#include "mien/io/digest.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pictures.hpp"

#include <algorithm>
#include <cmath>

using namespace mien;

namespace {

/// The formula of resize.hpp, in doubles, pixel by pixel.
double resized_pixel(const Image& image, int width, int height, int x, int y, int c) {
  const double step_x = double(image.width) / width, step_y = double(image.height) / height;
  const auto weight = [](int i, int o, double step) {
    return std::max(0.0, 1 - std::abs(i + 0.5 - (o + 0.5) * step) / std::max(step, 1.0));
  };
  double sum = 0, weights = 0;
  for (int i = 0; i < image.height; ++i) {
    for (int j = 0; j < image.width; ++j) {
      const double w = weight(i, y, step_y) * weight(j, x, step_x);
      sum += w * image.pixels[std::size_t((i * image.width + j) * image.channels + c)];
      weights += w;
    }
  }
  return sum / weights;
}

} // namespace

TEST_CASE("grey: the formula rounds, keeps greys, and weighs green most") {
  for (int v = 0; v < 256; ++v) {
    const auto u = static_cast<std::uint8_t>(v);
    CHECK(grey(u, u, u) == u);
  }
  CHECK(grey(255, 0, 0) == 76);
  CHECK(grey(0, 255, 0) == 150);
  CHECK(grey(0, 0, 255) == 29);
  const Image colour{2, 1, 3, {255, 0, 0, 1, 2, 3}};
  CHECK(to_grey(colour) == Image{2, 1, 1, {76, grey(1, 2, 3)}});
  CHECK(to_grey(to_grey(colour)) == to_grey(colour));
}

TEST_CASE("resize: agrees with the formula, larger and smaller, grey and colour") {
  for (const int channels : {1, 3}) {
    const Image image = test::noise(19, 13, channels);
    for (const auto& [width, height] : {std::pair{48, 48}, {7, 5}, {19, 4}, {40, 13}, {1, 1}}) {
      const Image result = resized(image, width, height);
      REQUIRE((result.width == width && result.height == height && result.channels == channels));
      REQUIRE(result.pixels.size() == std::size_t(width * height * channels));
      double worst = 0;
      for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
          for (int c = 0; c < channels; ++c) {
            const double expected = resized_pixel(image, width, height, x, y, c);
            worst = std::max(worst, std::abs(result.pixels[std::size_t((y * width + x) * channels + c)] - expected));
          }
        }
      }
      CHECK(worst < 0.503); // half a level for the last rounding, 1/512 for the middle one
    }
  }
}

TEST_CASE("resize: its own size changes nothing, and a constant picture stays constant") {
  const Image image = test::noise(23, 31, 3);
  CHECK(resized(image, 23, 31) == image);
  for (const auto& [width, height] : {std::pair{48, 48}, {5, 100}, {1, 1}}) {
    CHECK(resized(test::constant(37, 11, 255), width, height) == test::constant(width, height, 255));
    CHECK(resized(test::constant(37, 11, 113), width, height) == test::constant(width, height, 113));
  }
  CHECK(resized(Image{2, 1, 1, {0, 100}}, 4, 1) == Image{4, 1, 1, {0, 25, 75, 100}});
  CHECK_THROWS_WITH(resized(image, 0, 5), Catch::Contains("every extent must be at least 1"));
}

TEST_CASE("preprocessing: any picture becomes bytes of the record's extents") {
  const Preprocessing grey48;
  const Image face = test::noise(48, 48, 1);
  CHECK(to_input_bytes(face, grey48) == face);
  const Image colour = test::noise(61, 50, 3);
  CHECK(to_input_bytes(colour, grey48) == resized(to_grey(colour), 48, 48));

  const Preprocessing rgb{.height = 2, .width = 2, .channels = 3};
  CHECK(to_input_bytes(Image{2, 2, 1, {1, 2, 3, 4}}, rgb) == Image{2, 2, 3, {1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4}});
  CHECK(to_input_bytes(colour, rgb) == resized(colour, 2, 2));
  CHECK_THROWS_WITH(to_input_bytes(face, {.version = 2}), Catch::Contains("expected version 3"));
  CHECK_THROWS_AS(to_input_bytes(face, {.channels = 2}), Error);
}

TEST_CASE("preprocessing: bytes become floats by the scale") {
  const Preprocessing p{.height = 1, .width = 3};
  const std::vector<std::uint8_t> x{0, 51, 255, 1, 2, 3};
  std::vector<float> y(6);
  to_input_floats(y, x, p);
  CHECK(y == std::vector<float>{0.0f, 51 * p.scale, 255 * p.scale, 1 * p.scale, 2 * p.scale, 3 * p.scale});
  CHECK_THROWS_WITH(to_input_floats(std::span(y).first(5), x, p), Catch::Contains("6 bytes for 5 floats"));
  CHECK_THROWS_AS(to_input_floats(std::span(y).first(4), std::span(x).first(4), p), Error);
}

TEST_CASE("preprocessing: standardised, every picture has mean 0 and deviation 1 of its own") {
  for (const int channels : {1, 3}) {
    const Preprocessing p{.height = 48, .width = 48, .channels = channels, .standardize = true};
    const auto size = std::size_t(48 * 48 * channels);
    std::vector<std::uint8_t> x;
    for (const int strength : {1, 3, 9}) { // the same faces in ever less light
      for (const auto byte : test::noise(48, 48, channels, std::uint32_t(strength)).pixels)
        x.push_back(std::uint8_t(40 / strength + byte / strength));
    }
    std::vector<float> y(x.size()), alone(size);
    to_input_floats(y, x, p);
    for (std::size_t begin = 0; begin < x.size(); begin += size) {
      double sum = 0, squares = 0;
      for (std::size_t i = begin; i < begin + size; ++i) sum += x[i];
      const double mean = sum / double(size);
      for (std::size_t i = begin; i < begin + size; ++i) squares += (x[i] - mean) * (x[i] - mean);
      const double deviation = std::sqrt(squares / double(size));
      double worst = 0;
      for (std::size_t i = begin; i < begin + size; ++i)
        worst = std::max(worst, std::abs(double(y[i]) - (x[i] - mean) / deviation));
      CHECK(worst < 1e-5);
      to_input_floats(alone, std::span(x).subspan(begin, size), p);
      CHECK(std::equal(alone.begin(), alone.end(), y.begin() + std::ptrdiff_t(begin))); // its neighbours do not matter
    }
  }
}

TEST_CASE("preprocessing: standardised, a plain picture is zeros, and a nearly plain one is not blown up") {
  const Preprocessing p{.height = 300, .width = 300, .standardize = true}; // more than one block of sums
  std::vector<float> y(90'000);
  for (const std::uint8_t value : {0, 1, 77, 255}) {
    to_input_floats(y, std::vector<std::uint8_t>(90'000, value), p);
    CHECK(std::ranges::count(y, 0.0f) == 90'000);
  }
  std::vector<std::uint8_t> x(90'000, 200);
  x[5] = 201;
  to_input_floats(y, x, p);
  CHECK(std::abs(y[5] - 1.0f) < 1e-4f); // a level above the mean, over one level, not over 1/300 of one
  CHECK(std::abs(y[6]) < 1e-4f);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = i % 2 == 0 ? 0 : 255; // the largest sums and deviation
  to_input_floats(y, x, p);
  CHECK((y[0] == -1.0f && y[1] == 1.0f));
}

TEST_CASE("preprocessing: standardised, the same bits on every machine") {
  const Preprocessing p{.standardize = true};
  std::vector<float> y(48 * 48);
  Digest all;
  for (std::uint32_t i = 0; i < 20; ++i) {
    to_input_floats(y, test::noise(48, 48, 1, i).pixels, p);
    all.update(std::as_bytes(std::span(y)));
  }
  CHECK(all.hex() == "524d76fd783543a735bfef75ace46039");
}
