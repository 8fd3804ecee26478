// SPDX-License-Identifier: Apache-2.0
// Places in the picture are 16.16 fixed-point numbers that advance by a constant from pixel to pixel. A row is cut in
// three: the middle, whose four neighbours are all inside, runs without a test; the two ends are clamped.
#include "mien/data/augment.hpp"

#include "mien/core/error.hpp"
#include "mien/core/math.hpp"

#include "lib/data/standardize.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>

namespace mien {
namespace {

constexpr int one = 1 << 16;    // a pixel's width
constexpr int weight_bits = 11; // of each neighbour: 8 + 11 + 11 bits of a result fit into 31
constexpr int result_bits = 2 * weight_bits;

struct Place {
  std::int32_t row, column;
};

Place operator+(Place a, Place b) noexcept { return {a.row + b.row, a.column + b.column}; }

/// Where the first pixel comes from, and how that moves from column to column and from row to row.
struct Path {
  Place first, per_column, per_row;
};

Path path_of(const Variation& v, int height, int width) {
  const double turns = static_cast<double>(v.degrees) / 360;
  const double sine = math::sin_turns(turns), cosine = math::cos_turns(turns);
  const double along_x = v.flip ? -static_cast<double>(v.zoom_x) : static_cast<double>(v.zoom_x);
  const double along_y = v.zoom_y;
  const double centre_y = 0.5 * (height - 1), centre_x = 0.5 * (width - 1);
  const auto fixed = [](double x) { return static_cast<std::int32_t>(std::floor(x * one + 0.5)); };
  const auto turned = [&](double y, double x) { return std::pair{cosine * y - sine * x, sine * y + cosine * x}; };
  const auto place = [&](std::pair<double, double> p) { return Place{fixed(p.first), fixed(p.second)}; };

  auto first = turned(double{v.shift_y} * height - along_y * centre_y, double{v.shift_x} * width - along_x * centre_x);
  first.first += centre_y;
  first.second += centre_x;
  return {place(first), place(turned(0, along_x)), place(turned(along_y, 0))};
}

/// x between four neighbours, times 2^result_bits.
std::int32_t blend(std::int32_t top_left, std::int32_t top_right, std::int32_t bottom_left, std::int32_t bottom_right,
                   Place at) noexcept {
  const auto weight = [](std::int32_t place) { return (place & (one - 1)) >> (16 - weight_bits); };
  const auto right = weight(at.column), below = weight(at.row);
  const auto top = (top_left << weight_bits) + right * (top_right - top_left);
  const auto bottom = (bottom_left << weight_bits) + right * (bottom_right - bottom_left);
  return (top << weight_bits) + below * (bottom - top);
}

template <int channels, class T, class Finish>
void resample_rows(T* y, const std::uint8_t* x, int height, int width, const Path& path, Finish finish) noexcept {
  const std::int32_t last_row = (height - 1) * one, last_column = (width - 1) * one;
  const auto stride = static_cast<std::ptrdiff_t>(width) * channels;
  const auto advance = [&](Place place, int columns) {
    return Place{place.row + columns * path.per_column.row, place.column + columns * path.per_column.column};
  };
  // Negative places wrap round to large unsigned numbers: one comparison for both ends.
  const auto inside = [&](Place at) {
    return static_cast<std::uint32_t>(at.row) < static_cast<std::uint32_t>(last_row) &&
           static_cast<std::uint32_t>(at.column) < static_cast<std::uint32_t>(last_column);
  };

  Place row_start = path.first;
  for (int p = 0; p < height; ++p, row_start = row_start + path.per_row, y += stride) {
    const auto clamped = [&](int q) {
      auto at = advance(row_start, q);
      at = {std::clamp(at.row, 0, last_row), std::clamp(at.column, 0, last_column)};
      const auto* top = x + (at.row >> 16) * stride + (at.column >> 16) * channels;
      const std::ptrdiff_t below = at.row < last_row ? stride : 0, right = at.column < last_column ? channels : 0;
      for (int c = 0; c < channels; ++c) {
        y[q * channels + c] = finish(blend(top[c], top[c + right], top[c + below], top[c + below + right], at));
      }
    };
    int begin = 0, end = width;
    while (begin < end && !inside(advance(row_start, begin))) clamped(begin++);
    while (begin < end && !inside(advance(row_start, end - 1))) clamped(--end);

    // A straight line enters and leaves the picture once: everything from begin to end is inside.
    Place at = advance(row_start, begin);
    for (int q = begin; q < end; ++q, at = at + path.per_column) {
      const auto* top = x + (at.row >> 16) * stride + (at.column >> 16) * channels;
      const auto* bottom = top + stride;
      for (int c = 0; c < channels; ++c) {
        y[q * channels + c] = finish(blend(top[c], top[c + channels], bottom[c], bottom[c + channels], at));
      }
    }
  }
}

template <class T, class Finish>
void resample_checked(std::span<T> y, std::span<const std::uint8_t> x, const Preprocessing& preprocessing,
                      const Variation& variation, Finish finish) {
  const int height = preprocessing.height, width = preprocessing.width, channels = preprocessing.channels;
  constexpr int most = 4096; // with it, zoom up to 2 and shift up to 1, places stay within 16 bits before the point
  if (height < 1 || width < 1 || height > most || width > most || (channels != 1 && channels != 3) ||
      x.size() != static_cast<std::size_t>(height * width * channels) || y.size() != x.size()) {
    throw Error(concat("augment: ", x.size(), " bytes for ", y.size(), " results, expected both to be ", height, "x",
                       width, "x", channels, ", extents up to ", most, ", 1 or 3 channels"));
  }
  const auto bounded = [](float value, float bound) { return value >= -bound && value <= bound; };
  if (!bounded(variation.degrees, 360) || !bounded(variation.zoom_y, 2) || !bounded(variation.zoom_x, 2) ||
      !bounded(variation.shift_y, 1) || !bounded(variation.shift_x, 1)) {
    throw Error("augment: a variation beyond 360 degrees, zoom 2 or shift 1 (or not a number) cannot be drawn");
  }
  const Path path = path_of(variation, height, width);
  if (channels == 1) {
    resample_rows<1>(y.data(), x.data(), height, width, path, finish);
  } else {
    resample_rows<3>(y.data(), x.data(), height, width, path, finish);
  }
}

} // namespace

void check(const Augmentation& a) {
  const auto within = [](float x, float most) { return x >= 0 && x <= most; }; // false for NaN
  if (!within(a.rotation_degrees, 180)) {
    throw Error(concat("augmentation: rotation is ", a.rotation_degrees, " degrees, it must lie in [0, 180]"));
  }
  if (!within(a.zoom, 1) || a.zoom == 1) {
    throw Error(concat("augmentation: zoom is ", a.zoom, ", it must lie in [0, 1): 0.1 is from 90 to 110 percent"));
  }
  if (!within(a.shift, 1)) {
    throw Error(
        concat("augmentation: shift is ", a.shift, ", it must lie in [0, 1], a fraction of the picture's side"));
  }
}

Variation draw_variation(const Augmentation& a, Rng rng) {
  Variation v;
  v.degrees = rng.uniform(-a.rotation_degrees, a.rotation_degrees);
  v.zoom_y = rng.uniform(1 - a.zoom, 1 + a.zoom);
  v.zoom_x = rng.uniform(1 - a.zoom, 1 + a.zoom);
  v.shift_y = rng.uniform(-a.shift, a.shift);
  v.shift_x = rng.uniform(-a.shift, a.shift);
  v.flip = (rng.bits() >> 31) != 0 && a.flip;
  return v;
}

void resample(std::span<float> y, std::span<const std::uint8_t> x, const Preprocessing& preprocessing,
              const Variation& variation) {
  if (preprocessing.standardize) {
    constexpr std::int32_t unit = (1 << result_bits) / level_units;
    resample_checked(y, x, preprocessing, variation,
                     [](std::int32_t v) { return static_cast<float>((v + unit / 2) / unit); });
    return standardize(y.data(), y.size());
  }
  const float scale = preprocessing.scale / (1 << result_bits);
  resample_checked(y, x, preprocessing, variation, [scale](std::int32_t v) { return scale * static_cast<float>(v); });
}

void resample(std::span<std::uint8_t> y, std::span<const std::uint8_t> x, const Preprocessing& preprocessing,
              const Variation& variation) {
  resample_checked(y, x, preprocessing, variation, [](std::int32_t v) {
    return static_cast<std::uint8_t>((v + (1 << (result_bits - 1))) >> result_bits);
  });
}

} // namespace mien
