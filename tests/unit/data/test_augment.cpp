// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/data/augment.hpp"
#include "mien/io/digest.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pictures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

using namespace mien;

namespace {

using Matrix = std::array<std::array<double, 3>, 3>;

Matrix operator*(const Matrix& a, const Matrix& b) {
  Matrix c{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      for (std::size_t k = 0; k < 3; ++k) c[i][j] += a[i][k] * b[k][j];
    }
  }
  return c;
}

/// Keras' way, step by step and in doubles: matrices of rotation, shift, shear and zoom about the centre, then the
/// flip. The crop, which Keras does not have there, comes before them.
std::vector<double> slow_resample(const Image& x, const Variation& v) {
  const double angle = double(v.degrees) * 3.14159265358979323846 / 180;
  const double centre_y = 0.5 * x.height - 0.5, centre_x = 0.5 * x.width - 0.5;
  const Matrix rotation{{{std::cos(angle), -std::sin(angle), 0}, {std::sin(angle), std::cos(angle), 0}, {0, 0, 1}}};
  const Matrix shift{{{1, 0, double(v.shift_y) * x.height}, {0, 1, double(v.shift_x) * x.width}, {0, 0, 1}}};
  const Matrix zoom{{{v.zoom_y, 0, 0}, {0, v.zoom_x, 0}, {0, 0, 1}}};
  const Matrix there{{{1, 0, centre_y}, {0, 1, centre_x}, {0, 0, 1}}};
  const Matrix back{{{1, 0, -centre_y}, {0, 1, -centre_x}, {0, 0, 1}}};
  const double slant = double(v.shear_degrees) * 3.14159265358979323846 / 180;
  const Matrix shear{{{1, -std::sin(slant), 0}, {0, std::cos(slant), 0}, {0, 0, 1}}};
  const Matrix crop{{{1, 0, double(v.crop_y)}, {0, 1, double(v.crop_x)}, {0, 0, 1}}};
  const Matrix m = crop * there * rotation * shift * shear * zoom * back;
  const auto pixel = [&](int row, int column, int c) {
    row = std::clamp(row, 0, x.height - 1);
    column = std::clamp(column, 0, x.width - 1);
    return double(x.pixels[std::size_t((row * x.width + column) * x.channels + c)]);
  };
  std::vector<double> y;
  for (int p = 0; p < x.height; ++p) {
    for (int q = 0; q < x.width; ++q) {
      const int from = v.flip ? x.width - 1 - q : q;
      const double row = m[0][0] * p + m[0][1] * from + m[0][2], column = m[1][0] * p + m[1][1] * from + m[1][2];
      const int r = int(std::floor(row)), k = int(std::floor(column));
      for (int c = 0; c < x.channels; ++c) {
        const double top = pixel(r, k, c) + (column - k) * (pixel(r, k + 1, c) - pixel(r, k, c));
        const double bottom = pixel(r + 1, k, c) + (column - k) * (pixel(r + 1, k + 1, c) - pixel(r + 1, k, c));
        y.push_back(top + (row - r) * (bottom - top));
      }
    }
  }
  return y;
}

Preprocessing record_of(const Image& image) {
  return {.height = image.height, .width = image.width, .channels = image.channels};
}

Image varied(const Image& x, const Variation& v) {
  Image y = x;
  resample(std::span(y.pixels), x.pixels, record_of(x), v);
  return y;
}

} // namespace

TEST_CASE("augment: without variation it is preprocessing, bit for bit") {
  for (const int channels : {1, 3}) {
    const Image x = test::noise(48, 48, channels);
    std::vector<float> plain(x.pixels.size()), augmented(x.pixels.size());
    to_input_floats(plain, x.pixels, record_of(x));
    augment(augmented, x.pixels, record_of(x), {}, Rng(1, Purpose::augment, 2, 3));
    CHECK(augmented == plain);
    CHECK(varied(x, {}) == x);
    auto record = record_of(x);
    record.standardize = true;
    to_input_floats(plain, x.pixels, record);
    augment(augmented, x.pixels, record, {}, Rng(1, Purpose::augment, 2, 3));
    CHECK(augmented == plain);
  }
}

TEST_CASE("augment: a flip is the mirrored picture and a quarter turn the turned one, exactly") {
  for (const int channels : {1, 3}) {
    const Image x = test::noise(9, 9, channels);
    const auto at = [&](const Image& image, int row, int column, int c) {
      return image.pixels[std::size_t((row * 9 + column) * channels + c)];
    };
    const Image flipped = varied(x, {.flip = true}), turned = varied(x, {.degrees = 90}),
                half = varied(x, {.degrees = 180});
    bool right = true;
    for (int row = 0; row < 9; ++row) {
      for (int column = 0; column < 9; ++column) {
        for (int c = 0; c < channels; ++c) {
          right = right && at(flipped, row, column, c) == at(x, row, 8 - column, c);
          right = right && at(turned, row, column, c) == at(x, 8 - column, row, c);
          right = right && at(half, row, column, c) == at(x, 8 - row, 8 - column, c);
        }
      }
    }
    CHECK(right);
    CHECK(varied(turned, {.degrees = -90}) == x);
    CHECK(varied(flipped, {.flip = true}) == x);
  }
}

TEST_CASE("augment: outside the picture the nearest pixel counts") {
  const Image x{4, 2, 1, {1, 2, 3, 4, 5, 6, 7, 8}};
  CHECK(varied(x, {.shift_x = 0.5f}) == Image{4, 2, 1, {3, 4, 4, 4, 7, 8, 8, 8}});
  CHECK(varied(x, {.shift_x = -0.5f}) == Image{4, 2, 1, {1, 1, 1, 2, 5, 5, 5, 6}});
  CHECK(varied(x, {.shift_y = 1}) == Image{4, 2, 1, {5, 6, 7, 8, 5, 6, 7, 8}});
  CHECK(varied(x, {.shift_x = 0.125f}) == Image{4, 2, 1, {2, 3, 4, 4, 6, 7, 8, 8}}); // half a pixel, rounded up
  CHECK(varied(test::constant(1, 1, 9), {.degrees = 33, .zoom_x = 0.5f, .shift_y = 1}) == test::constant(1, 1, 9));
}

TEST_CASE("augment: agrees with Keras' steps in doubles, whatever is drawn") {
  const Augmentation strong{
      .rotation_degrees = 180, .zoom = 0.5f, .shift = 0.3f, .flip = true, .shear_degrees = 60, .crop = 9};
  std::uint32_t sample = 0;
  for (const auto& [width, height, channels] : {std::array{48, 48, 1}, std::array{48, 48, 3}, std::array{31, 17, 1},
                                                std::array{2, 5, 3}, std::array{1, 7, 1}}) {
    const Image x = test::noise(width, height, channels);
    auto record = record_of(x);
    record.scale = 1;
    double worst = 0, worst_byte = 0;
    for (int i = 0; i < 40; ++i) {
      const Variation v = draw_variation(strong, Rng(5, Purpose::augment, 0, sample++));
      std::vector<float> y(x.pixels.size());
      resample(std::span(y), x.pixels, record, v);
      const auto expected = slow_resample(x, v);
      const Image bytes = varied(x, v);
      for (std::size_t k = 0; k < y.size(); ++k) {
        worst = std::max(worst, std::abs(double(y[k]) - expected[k]));
        worst_byte = std::max(worst_byte, std::abs(double(bytes.pixels[k]) - double(y[k])));
      }
    }
    // A weight is cut to 2^-11 and a place is wrong by 2^-17 a step, up to 96 steps, on each of two axes.
    CHECK(worst < 2 * 255 * (0x1p-11 + 96 * 0x1p-17));
    CHECK(worst_byte <= 0.5);
  }
}

TEST_CASE("augment: what was resampled is standardised by its own mean and deviation") {
  const Variation v{.degrees = 31, .zoom_y = 0.7f, .zoom_x = 1.2f, .shift_x = 0.2f};
  for (const int channels : {1, 3}) {
    const Image x = test::noise(48, 40, channels);
    auto record = record_of(x);
    record.standardize = true;
    std::vector<float> y(x.pixels.size());
    resample(std::span(y), x.pixels, record, v);
    const auto expected = slow_resample(x, v);
    const auto n = double(y.size());
    double mean = 0, variance = 0, worst = 0;
    for (const double value : expected) mean += value / n;
    for (const double value : expected) variance += (value - mean) * (value - mean) / n;
    for (std::size_t i = 0; i < y.size(); ++i)
      worst = std::max(worst, std::abs(double(y[i]) - (expected[i] - mean) / std::sqrt(variance)));
    CHECK(variance > 100);
    CHECK(worst * std::sqrt(variance) < 3 * 255 * (0x1p-11 + 96 * 0x1p-17)); // resampling's error, and the mean's
  }
}

TEST_CASE("augment: draws stay in their bounds, fill them, and are centred") {
  const Augmentation a{.rotation_degrees = 10, .zoom = 0.1f, .shift = 0.06f, .flip = true};
  constexpr int n = 20'000;
  std::array<double, 5> sum{}, squares{};
  const std::array<double, 5> bound{10, 0.1, 0.1, 0.06, 0.06};
  int flips = 0;
  double together = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    const auto v = draw_variation(a, Rng(3, Purpose::augment, 1, i));
    const std::array<double, 5> drawn{v.degrees, double(v.zoom_y) - 1, double(v.zoom_x) - 1, v.shift_y, v.shift_x};
    for (std::size_t k = 0; k < 5; ++k) {
      REQUIRE(std::abs(drawn[k]) <= bound[k] * (1 + 1e-6));
      sum[k] += drawn[k] / bound[k];
      squares[k] += drawn[k] * drawn[k] / (bound[k] * bound[k]);
    }
    together += drawn[1] * drawn[2] / 0.01;
    flips += v.flip;
  }
  for (std::size_t k = 0; k < 5; ++k) { // U(-1, 1): mean 0, mean square 1/3; within five standard errors
    CHECK(std::abs(sum[k] / n) < 5 * 0.5774 / std::sqrt(n));
    CHECK(std::abs(squares[k] / n - 1.0 / 3) < 5 * 0.2981 / std::sqrt(n));
  }
  CHECK(std::abs(together / n) < 5 * 0.3333 / std::sqrt(n)); // the two zooms are drawn apart
  CHECK(std::abs(flips / double(n) - 0.5) < 5 * 0.5 / std::sqrt(n));

  const auto off = draw_variation({.rotation_degrees = 10}, Rng(3, Purpose::augment, 1, 7));
  const auto on = draw_variation(a, Rng(3, Purpose::augment, 1, 7));
  CHECK(off.degrees == on.degrees); // one kind does not disturb another
  CHECK((off.zoom_y == 1 && off.zoom_x == 1 && off.shift_y == 0 && off.shift_x == 0 && !off.flip));
}

TEST_CASE("augment: the same bits on every machine") {
  const Image x = test::noise(48, 48, 1);
  std::vector<float> y(x.pixels.size());
  Digest all;
  for (std::uint32_t sample = 0; sample < 50; ++sample) {
    augment(y, x.pixels, record_of(x), {.rotation_degrees = 10, .zoom = 0.1f, .shift = 0.1f, .flip = true},
            Rng(42, Purpose::augment, 1, sample));
    all.update(std::as_bytes(std::span(y)));
  }
  CHECK(all.hex() == "972e61e55e07cf950ee48d02872643e3");

  auto record = record_of(x);
  record.standardize = true;
  augment(y, x.pixels, record, {.rotation_degrees = 10, .zoom = 0.1f}, Rng(42, Purpose::augment, 1, 0));
  CHECK(digest(std::as_bytes(std::span(y))) == "dce16d57ae71a9b74c41ab4e4506a2ca");
}

TEST_CASE("augment: figures out of range and wrong extents are refused") {
  CHECK_NOTHROW(check({.rotation_degrees = 180, .zoom = 0.9f, .shift = 1}));
  CHECK_THROWS_WITH(check({.rotation_degrees = -1}), Catch::Contains("must lie in [0, 180]"));
  CHECK_THROWS_WITH(check({.zoom = 1}), Catch::Contains("must lie in [0, 1)"));
  CHECK_THROWS_WITH(check({.shift = std::numeric_limits<float>::quiet_NaN()}), Catch::Contains("shift is nan"));
  CHECK_NOTHROW(check({.shear_degrees = 60, .brightness = 0.99f, .contrast = 0.99f, .erase = 1, .crop = 1024}));
  CHECK_THROWS_WITH(check({.shear_degrees = 61}), Catch::Contains("shear is 61 degrees, it must lie in [0, 60]"));
  CHECK_THROWS_WITH(check({.brightness = 1}), Catch::Contains("brightness is 1, it must lie in [0, 1)"));
  CHECK_THROWS_WITH(check({.contrast = -0.5f}), Catch::Contains("contrast is -0.5, it must lie in [0, 1)"));
  CHECK_THROWS_WITH(check({.erase = 1.5f}), Catch::Contains("erase is 1.5, it must lie in [0, 1]"));
  CHECK_THROWS_WITH(check({.crop = -1}), Catch::Contains("crop is -1 pixels, it must lie in [0, 1024]"));
  const Image x = test::noise(8, 8, 1);
  std::vector<float> y(64);
  CHECK_THROWS_WITH(resample(std::span(y), x.pixels, {}, {}), Catch::Contains("expected both to be 48x48x1"));
  CHECK_THROWS_AS(resample(std::span(y).first(63), x.pixels, record_of(x), {}), Error);
  const auto refused = [&](const Variation& v) {
    CHECK_THROWS_WITH(resample(std::span(y), x.pixels, record_of(x), v), Catch::Contains("cannot be drawn"));
  };
  refused({.zoom_x = 1e9f});
  refused({.shear_degrees = std::numeric_limits<float>::quiet_NaN()});
  refused({.brightness = 3});
  refused({.contrast = -1});
  refused({.erase_height = 0.5f, .erase_width = 1.5f});
  refused({.erase_y = -0.1f});
  refused({.crop_x = -5000});
}
