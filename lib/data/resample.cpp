// SPDX-License-Identifier: Apache-2.0
// Places in the picture are 16.16 fixed-point numbers that advance by a constant from pixel to pixel. A row is cut in
// three: the middle, whose four neighbours are all inside, runs without a test; the two ends are clamped. Light is
// changed on the way out of the same pass; the erased rectangle is filled afterwards.
#include "mien/data/augment.hpp"

#include "mien/core/error.hpp"
#include "mien/core/math.hpp"

#include "lib/data/standardize.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace mien {
namespace {

constexpr int one = 1 << 16;    // a pixel's width
constexpr int weight_bits = 11; // of each neighbour: 8 + 11 + 11 bits of a result fit into 31
constexpr int result_bits = 2 * weight_bits;
constexpr int most_side = 4096; // with zoom up to 2, shift up to 1 and any shear, 16 bits before the point suffice
constexpr std::int32_t white = 255 << result_bits;

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
  const double shear = static_cast<double>(v.shear_degrees) / 360;
  const double shear_sine = math::sin_turns(shear), shear_cosine = math::cos_turns(shear);
  const double centre_y = 0.5 * (height - 1), centre_x = 0.5 * (width - 1);
  const auto fixed = [](double x) { return static_cast<std::int32_t>(std::floor(x * one + 0.5)); };
  const auto turned = [&](double y, double x) { return std::pair{cosine * y - sine * x, sine * y + cosine * x}; };
  const auto along = [&](double y, double x) { // zoomed, then sheared
    return std::pair{along_y * y - shear_sine * (along_x * x), shear_cosine * (along_x * x)};
  };
  const auto place = [&](std::pair<double, double> p) { return Place{fixed(p.first), fixed(p.second)}; };

  const auto corner = along(-centre_y, -centre_x), column = along(0, 1), row = along(1, 0);
  auto first = turned(double{v.shift_y} * height + corner.first, double{v.shift_x} * width + corner.second);
  first.first += centre_y + v.crop_y;
  first.second += centre_x + v.crop_x;
  return {place(first), place(turned(column.first, column.second)), place(turned(row.first, row.second))};
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

/// What brightness and contrast make of a blend: gain * v + offset, from black to white.
struct Tone {
  static constexpr int bits = 24; // of the gain behind the point: it is at most 4, and v takes 30 bits
  std::int64_t gain = 1 << bits, offset = 0;
  std::int32_t operator()(std::int32_t v) const noexcept {
    return static_cast<std::int32_t>(
        std::clamp<std::int64_t>(((gain * v + (1 << (bits - 1))) >> bits) + offset, 0, white));
  }
};

Tone tone_of(const Variation& v, std::int32_t mean) noexcept {
  const double brightness = v.brightness, contrast = v.contrast;
  const auto whole = [](double x) { return static_cast<std::int64_t>(std::floor(x + 0.5)); };
  return {.gain = whole(brightness * contrast * (1 << Tone::bits)),
          .offset = whole(brightness * (1 - contrast) * mean)};
}

/// The mean of a picture's bytes as blend() counts: times 2^result_bits.
std::int32_t mean_of(std::span<const std::uint8_t> x) noexcept {
  const auto sum = std::accumulate(x.begin(), x.end(), std::int64_t{0});
  return static_cast<std::int32_t>((sum << result_bits) / static_cast<std::int64_t>(x.size()));
}

template <class T> void erase(T* y, T value, int height, int width, int channels, const Variation& v) noexcept {
  const auto part = [](float share, int all) {
    return std::clamp(static_cast<int>(std::floor(share * static_cast<float>(all) + 0.5f)), 1, all);
  };
  const auto begin = [](float place, int room) { // of room + 1 places
    return std::min(static_cast<int>(place * static_cast<float>(room + 1)), room);
  };
  const int rows = part(v.erase_height, height), columns = part(v.erase_width, width);
  const int top = begin(v.erase_y, height - rows), left = begin(v.erase_x, width - columns);
  for (int p = top; p < top + rows; ++p) {
    std::fill_n(y + (static_cast<std::ptrdiff_t>(p) * width + left) * channels, columns * channels, value);
  }
}

void check(const Variation& v) {
  const auto bounded = [](float value, float bound) { return value >= -bound && value <= bound; }; // false for NaN
  const auto share = [](float value, float most) { return value >= 0 && value <= most; };
  const auto moved = [](int pixels) { return pixels >= -most_side && pixels <= most_side; };
  if (!bounded(v.degrees, 360) || !bounded(v.zoom_y, 2) || !bounded(v.zoom_x, 2) || !bounded(v.shift_y, 1) ||
      !bounded(v.shift_x, 1) || !bounded(v.shear_degrees, 360) || !share(v.brightness, 2) || !share(v.contrast, 2) ||
      !share(v.erase_height, 1) || !share(v.erase_width, 1) || !share(v.erase_y, 1) || !share(v.erase_x, 1) ||
      !moved(v.crop_y) || !moved(v.crop_x)) {
    throw Error(concat("augment: a variation beyond 360 degrees, zoom 2, shift 1, brightness or contrast 2, an erased "
                       "share of 1 or a crop of ",
                       most_side, " pixels (or not a number) cannot be drawn"));
  }
}

template <class T, class Finish>
void resample_checked(std::span<T> y, std::span<const std::uint8_t> x, const Preprocessing& preprocessing,
                      const Variation& variation, Finish finish) {
  const int height = preprocessing.height, width = preprocessing.width, channels = preprocessing.channels;
  if (height < 1 || width < 1 || height > most_side || width > most_side || (channels != 1 && channels != 3) ||
      x.size() != static_cast<std::size_t>(height * width * channels) || y.size() != x.size()) {
    throw Error(concat("augment: ", x.size(), " bytes for ", y.size(), " results, expected both to be ", height, "x",
                       width, "x", channels, ", extents up to ", most_side, ", 1 or 3 channels"));
  }
  check(variation);
  const Path path = path_of(variation, height, width);
  const auto run = [&](auto ending) {
    if (channels == 1) {
      resample_rows<1>(y.data(), x.data(), height, width, path, ending);
    } else {
      resample_rows<3>(y.data(), x.data(), height, width, path, ending);
    }
  };
  const bool lit = variation.brightness != 1 || variation.contrast != 1;
  const bool erased = variation.erase_height > 0 && variation.erase_width > 0;
  const std::int32_t mean = lit || erased ? mean_of(x) : 0;
  const Tone tone = tone_of(variation, mean);
  if (lit) {
    run([=](std::int32_t v) { return finish(tone(v)); });
  } else {
    run(finish);
  }
  if (erased) erase(y.data(), finish(tone(mean)), height, width, channels, variation);
}

} // namespace

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
