// SPDX-License-Identifier: Apache-2.0
// The later kinds of augmentation: shear, crop, brightness, contrast and erasing.
#include "mien/data/augment.hpp"
#include "mien/io/digest.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pictures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

using namespace mien;

namespace {

constexpr Augmentation everything{.rotation_degrees = 15,
                                  .zoom = 0.1f,
                                  .shift = 0.1f,
                                  .flip = true,
                                  .shear_degrees = 10,
                                  .brightness = 0.2f,
                                  .contrast = 0.3f,
                                  .erase = 0.5f,
                                  .crop = 4};

Preprocessing record_of(const Image& image) {
  return {.height = image.height, .width = image.width, .channels = image.channels, .scale = 1};
}

Image varied(const Image& x, const Variation& v) {
  Image y = x;
  resample(std::span(y.pixels), x.pixels, record_of(x), v);
  return y;
}

/// In levels, between the bytes too.
std::vector<float> varied_floats(const Image& x, const Variation& v) {
  std::vector<float> y(x.pixels.size());
  resample(std::span(y), x.pixels, record_of(x), v);
  return y;
}

template <class T> double mean_of(const std::vector<T>& x) {
  double sum = 0;
  for (const auto value : x) sum += double(value);
  return sum / double(x.size());
}

double deviation_of(const std::vector<float>& x) {
  const double mean = mean_of(x);
  double sum = 0;
  for (const double value : x) sum += (value - mean) * (value - mean);
  return std::sqrt(sum / double(x.size()));
}

/// Noise whose bytes lie in [low, low + 63], so that brighter and darker ones are still bytes.
Image soft_noise(int channels, int low) {
  Image x = test::noise(48, 48, channels);
  for (auto& byte : x.pixels) byte = std::uint8_t(low + byte / 4);
  return x;
}

} // namespace

TEST_CASE("shear: a level line leans by the sine of the angle, and an upright one stays upright") {
  for (const int channels : {1, 3}) {
    Image level{17, 17, channels, std::vector<std::uint8_t>(std::size_t(17 * 17 * channels))};
    std::fill_n(level.pixels.begin() + 8 * 17 * channels, 17 * channels, std::uint8_t{200});
    const auto sheared = varied(level, {.shear_degrees = 30}); // sin 30 = 1/2: half a pixel down for each to the right
    for (int row = 0; row < 17; ++row) {
      for (int column = 0; column < 17; ++column) {
        const double distance = std::abs(row - 8 - 0.5 * (column - 8));
        for (int c = 0; c < channels; ++c)
          CHECK(sheared.pixels[std::size_t((row * 17 + column) * channels + c)] == (distance == 0     ? 200
                                                                                    : distance == 0.5 ? 100
                                                                                                      : 0));
      }
    }
  }
  Image upright{17, 17, 1, std::vector<std::uint8_t>(17 * 17)};
  for (std::size_t row = 0; row < 17; ++row) upright.pixels[17 * row + 8] = 200;
  const auto sheared = varied(upright, {.shear_degrees = 60}); // cos 60 = 1/2: twice as wide
  for (std::size_t row = 0; row < 17; ++row) {
    for (std::size_t column = 0; column < 17; ++column)
      CHECK(sheared.pixels[17 * row + column] == (column == 8 ? 200 : column == 7 || column == 9 ? 100 : 0));
  }
}

TEST_CASE("crop: a move by whole pixels, the nearest pixel outside") {
  for (const int channels : {1, 3}) {
    const Image x = test::noise(32, 32, channels);
    const Image y = varied(x, {.crop_y = 3, .crop_x = -2});
    bool right = true;
    for (int row = 0; row < 32; ++row) {
      for (int column = 0; column < 32 * channels; ++column) {
        const int from_row = std::clamp(row + 3, 0, 31), from_column = std::clamp(column / channels - 2, 0, 31);
        right = right && y.pixels[std::size_t(row * 32 * channels + column)] ==
                             x.pixels[std::size_t((from_row * 32 + from_column) * channels + column % channels)];
      }
    }
    CHECK(right);
    CHECK(y == varied(x, {.shift_y = 3 / 32.0f, .shift_x = -2 / 32.0f}));
    CHECK(varied(x, {.flip = true, .crop_x = 5}) ==
          varied(varied(x, {.crop_x = 5}), {.flip = true})); // crop, then flip
  }
  std::array<int, 9> seen{};
  double together = 0;
  constexpr int n = 9000;
  for (std::uint32_t i = 0; i < n; ++i) {
    const auto v = draw_variation({.crop = 4}, Rng(3, Purpose::augment, 1, i));
    ++seen.at(std::size_t(v.crop_y + 4));
    REQUIRE(std::abs(v.crop_x) <= 4);
    together += v.crop_y * v.crop_x;
  }
  for (const int count : seen) CHECK(std::abs(count - 1000) < 5 * std::sqrt(n * 8 / 81.0)); // each of nine as often
  CHECK(std::abs(together / n) < 5 * (20.0 / 3) / std::sqrt(n));                            // and drawn apart
}

TEST_CASE("brightness multiplies bytes and stops at white") {
  for (const int channels : {1, 3}) {
    const Image x = soft_noise(channels, 20);
    for (const float b : {0.5f, 0.75f, 1.5f}) {
      const auto y = varied_floats(x, {.brightness = b});
      double worst = 0;
      for (std::size_t i = 0; i < y.size(); ++i)
        worst = std::max(worst, std::abs(double(y[i]) - double(b) * x.pixels[i]));
      CHECK(worst < 1e-4);
    }
    CHECK(varied(x, {.brightness = 0}) == Image{48, 48, channels, std::vector<std::uint8_t>(x.pixels.size())});
  }
  CHECK(varied(Image{3, 1, 1, {100, 200, 255}}, {.brightness = 1.5f}) == Image{3, 1, 1, {150, 255, 255}});
}

TEST_CASE("contrast keeps the mean, multiplies the deviation, and stops at black and white") {
  for (const int channels : {1, 3}) {
    const Image x = soft_noise(channels, 90);
    const double mean = mean_of(x.pixels), deviation = deviation_of(varied_floats(x, {}));
    for (const float c : {0.0f, 0.5f, 0.8f, 1.25f, 1.75f}) {
      const auto y = varied_floats(x, {.contrast = c});
      CHECK(std::abs(mean_of(y) - mean) < 1e-3);
      CHECK(std::abs(deviation_of(y) - double(c) * deviation) < 1e-3);
      const auto both = varied_floats(x, {.brightness = 0.5f, .contrast = c});
      double worst = 0;
      for (std::size_t i = 0; i < y.size(); ++i)
        worst = std::max(worst, std::abs(double(both[i]) - 0.5 * double(y[i])));
      CHECK(worst < 1e-3); // what is bright and what is rich in contrast is as bright
    }
  }
  CHECK(varied(Image{3, 1, 1, {0, 127, 254}}, {.contrast = 2}) == Image{3, 1, 1, {0, 127, 255}});
}

TEST_CASE("brightness, contrast and shear: draws fill their bounds and are centred") {
  constexpr int n = 20'000;
  std::array<double, 3> sum{}, squares{};
  for (std::uint32_t i = 0; i < n; ++i) {
    const auto v = draw_variation(everything, Rng(3, Purpose::augment, 1, i));
    const std::array<double, 3> drawn{v.shear_degrees / 10.0, (double(v.brightness) - 1) / 0.2,
                                      (double(v.contrast) - 1) / 0.3};
    for (std::size_t k = 0; k < 3; ++k) {
      REQUIRE(std::abs(drawn[k]) <= 1 + 1e-6);
      sum[k] += drawn[k];
      squares[k] += drawn[k] * drawn[k];
    }
  }
  for (std::size_t k = 0; k < 3; ++k) { // U(-1, 1): mean 0, mean square 1/3; within five standard errors
    CHECK(std::abs(sum[k] / n) < 5 * 0.5774 / std::sqrt(n));
    CHECK(std::abs(squares[k] / n - 1.0 / 3) < 5 * 0.2981 / std::sqrt(n));
  }
}

TEST_CASE("erasing: as often as asked, as large and as long as Zhong says, anywhere inside") {
  constexpr int n = 20'000;
  int erased = 0;
  double area = 0, areas = 0, aspect = 0, aspects = 0, y = 0, x = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    const auto v = draw_variation({.erase = 0.3f}, Rng(3, Purpose::augment, 1, i));
    if (v.erase_height == 0) continue;
    ++erased;
    const double share = double(v.erase_height) * double(v.erase_width);
    const double logarithm = std::log(double(v.erase_height) / double(v.erase_width));
    REQUIRE((share > 0.02 - 1e-6 && share < 0.2 + 1e-6));
    REQUIRE((logarithm > std::log(0.3) - 1e-6 && logarithm < std::log(3.3) + 1e-6));
    area += share;
    areas += share * share;
    aspect += logarithm;
    aspects += logarithm * logarithm;
    y += double(v.erase_y);
    x += double(v.erase_x);
  }
  const double root = std::sqrt(erased), length = std::log(3.3) - std::log(0.3), middle = std::log(3.3 * 0.3) / 2;
  CHECK(std::abs(erased / double(n) - 0.3) < 5 * std::sqrt(0.3 * 0.7 / n));
  CHECK(std::abs(area / erased - 0.11) < 5 * 0.18 / std::sqrt(12) / root);
  CHECK(std::abs(areas / erased - (0.11 * 0.11 + 0.18 * 0.18 / 12)) < 5 * 0.012 / root);
  CHECK(std::abs(aspect / erased - middle) < 5 * length / std::sqrt(12) / root);
  CHECK(std::abs(aspects / erased - (middle * middle + length * length / 12)) < 5 * 0.45 / root);
  CHECK(std::abs(y / erased - 0.5) < 5 * 0.2887 / root);
  CHECK(std::abs(x / erased - 0.5) < 5 * 0.2887 / root);
  CHECK(draw_variation({.erase = 1}, Rng(3, Purpose::augment, 1, 1)).erase_height > 0);
}

TEST_CASE("erasing: the rectangle has the picture's mean, and nothing else is touched") {
  for (const int channels : {1, 3}) {
    Image x = test::noise(40, 20, channels);
    for (auto& byte : x.pixels) byte = byte < 128 ? 0 : 255; // no byte is the mean
    const auto mean = float(mean_of(x.pixels));
    for (const auto& [v, top, bottom, left, right] :
         {std::tuple{Variation{.erase_height = 0.25f, .erase_width = 0.5f}, 0, 5, 0, 20},
          {Variation{.erase_height = 0.25f, .erase_width = 0.5f, .erase_y = 0.9999f, .erase_x = 1}, 15, 20, 20, 40},
          {Variation{.erase_height = 0.5f, .erase_width = 0.1f, .erase_y = 0.5f, .erase_x = 0.25f}, 5, 15, 9, 13},
          {Variation{.erase_height = 1, .erase_width = 1, .erase_y = 0.5f}, 0, 20, 0, 40},
          {Variation{.erase_height = 1e-6f, .erase_width = 1e-6f}, 0, 1, 0, 1}}) {
      const auto y = varied_floats(x, v);
      bool good = true;
      for (int row = 0; row < 20; ++row) {
        for (int i = 0; i < 40 * channels; ++i) {
          const bool inside = row >= top && row < bottom && i >= left * channels && i < right * channels;
          const auto at = std::size_t(row * 40 * channels + i);
          good = good && (inside ? std::abs(y[at] - mean) < 1e-4f : y[at] == float(x.pixels[at]));
        }
      }
      CHECK(good);
    }
    auto record = record_of(x);
    record.standardize = true;
    std::vector<float> y(x.pixels.size());
    resample(std::span(y), x.pixels, record, {.erase_height = 0.5f, .erase_width = 0.5f});
    CHECK(std::abs(mean_of(y)) < 1e-5); // standardised last: it is the whole that has mean 0 and deviation 1
    CHECK(std::abs(deviation_of(y) - 1) < 1e-5);
  }
}

TEST_CASE("augment: a kind that is off takes no part, and one that is on leaves the draws of the others") {
  const Augmentation old{.rotation_degrees = 15, .zoom = 0.1f, .shift = 0.1f, .flip = true};
  for (std::uint32_t i = 0; i < 50; ++i) {
    const Rng rng(8, Purpose::augment, 2, i);
    const auto off = draw_variation(old, rng), on = draw_variation(everything, rng);
    CHECK((off.degrees == on.degrees && off.zoom_y == on.zoom_y && off.zoom_x == on.zoom_x &&
           off.shift_y == on.shift_y && off.shift_x == on.shift_x && off.flip == on.flip));
    CHECK((off.shear_degrees == 0 && off.brightness == 1 && off.contrast == 1 && off.erase_height == 0 &&
           off.erase_width == 0 && off.crop_y == 0 && off.crop_x == 0));
    auto without_erasing = everything;
    without_erasing.erase = 0;
    const auto whole = draw_variation(without_erasing, rng);
    CHECK((whole.crop_y == on.crop_y && whole.crop_x == on.crop_x && whole.contrast == on.contrast));
  }
}

TEST_CASE("augment: with everything on, the same bits on every machine, for (seed, epoch, sample) alone") {
  for (const auto& [channels, standardize, expected] : {std::tuple{1, false, "98a44bde7046b49a27996f954ce52433"},
                                                        {1, true, "9f899d4d316cd13f02fc778744814a60"},
                                                        {3, false, "55748180c0c3f229ba1fc3cab49d1705"},
                                                        {3, true, "2e6c71f605a352fb007bce88eb75c1c2"}}) {
    const Image x = test::noise(48, 48, channels);
    auto record = record_of(x);
    record.standardize = standardize;
    std::vector<float> y(x.pixels.size()), again(y.size());
    Digest all;
    for (std::uint32_t sample = 0; sample < 50; ++sample) {
      augment(y, x.pixels, record, everything, Rng(42, Purpose::augment, 1, sample));
      all.update(std::as_bytes(std::span(y)));
    }
    CHECK(all.hex() == expected);
    augment(again, x.pixels, record, everything, Rng(42, Purpose::augment, 1, 49));
    CHECK(again == y);
    for (const auto& other :
         {Rng(43, Purpose::augment, 1, 49), Rng(42, Purpose::augment, 2, 49), Rng(42, Purpose::augment, 1, 48)}) {
      augment(again, x.pixels, record, everything, other);
      CHECK(again != y);
    }
  }
}
