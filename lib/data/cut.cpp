// SPDX-License-Identifier: Apache-2.0
#include "mien/data/cut.hpp"

#include "mien/core/error.hpp"
#include "mien/core/math.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace mien {
namespace {

constexpr double farthest = 1e6;

// Turned squares: positions are whole numbers of 2^-32 pixels, of which interpolation keeps the first 8 bits.
constexpr int position_bits = 32;
constexpr int weight_bits = 8;

std::int64_t rounded(double x) { return static_cast<std::int64_t>(std::floor(x + 0.5)); }

std::int64_t position(double x) { return rounded(x * static_cast<double>(std::int64_t{1} << position_bits)); }

/// Of the places 0 to extent - 1 the one nearest to i.
std::size_t nearest(std::int64_t i, int extent) {
  return static_cast<std::size_t>(std::clamp<std::int64_t>(i, 0, extent - 1));
}

void check(const Image& picture, const FaceSquare& square) {
  const auto channels = static_cast<std::size_t>(picture.channels);
  if (picture.width < 1 || picture.height < 1 || (channels != 1 && channels != 3) ||
      picture.pixels.size() !=
          static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height) * channels) {
    throw Error(concat("cut: a picture of ", picture.width, "x", picture.height, "x", picture.channels, " with ",
                       picture.pixels.size(), " bytes; 1 or 3 channels and a byte for each are needed"));
  }
  const auto reachable = [](double x) { return std::abs(x) <= farthest; }; // false for a NaN
  if (!std::ranges::all_of(std::array{square.x, square.y, square.side, square.degrees}, reachable) ||
      square.side < 0.5 || square.side * square.side > static_cast<double>(most_pixels)) {
    throw Error(concat("cut: a square of side ", square.side, " at (", square.x, ", ", square.y, "), turned by ",
                       square.degrees, " degrees; the side must be from 0.5 to ", std::sqrt(most_pixels),
                       " pixels, the rest within ", farthest));
  }
}

void copy_upright(Image& result, const Image& picture, std::int64_t left, std::int64_t top) {
  const auto channels = static_cast<std::size_t>(picture.channels);
  auto* out = result.pixels.data();
  for (int y = 0; y < result.height; ++y) {
    const auto* row =
        &picture.pixels[nearest(top + y, picture.height) * static_cast<std::size_t>(picture.width) * channels];
    for (int x = 0; x < result.width; ++x)
      out = std::copy_n(&row[nearest(left + x, picture.width) * channels], channels, out);
  }
}

/// The pixels at (x, y) and right of it, below it, and both, weighted by how near the point is to each.
void interpolate(std::uint8_t* out, const Image& picture, std::int64_t x, std::int64_t y) {
  const auto channels = static_cast<std::size_t>(picture.channels);
  const auto stride = static_cast<std::size_t>(picture.width) * channels;
  const auto column = x >> position_bits, row = y >> position_bits;
  constexpr std::int64_t one = 1 << weight_bits;
  const auto right = static_cast<std::uint32_t>((x >> (position_bits - weight_bits)) & (one - 1));
  const auto below = static_cast<std::uint32_t>((y >> (position_bits - weight_bits)) & (one - 1));
  const auto x0 = nearest(column, picture.width) * channels, x1 = nearest(column + 1, picture.width) * channels;
  const auto* upper = &picture.pixels[nearest(row, picture.height) * stride];
  const auto* lower = &picture.pixels[nearest(row + 1, picture.height) * stride];
  for (std::size_t c = 0; c < channels; ++c) {
    const auto above = upper[x0 + c] * (one - right) + upper[x1 + c] * right;
    const auto under = lower[x0 + c] * (one - right) + lower[x1 + c] * right;
    out[c] = static_cast<std::uint8_t>((above * (one - below) + under * below + one * one / 2) >> (2 * weight_bits));
  }
}

void resample_turned(Image& result, const Image& picture, const FaceSquare& square) {
  const auto cosine = position(math::cos_turns(square.degrees / 360));
  const auto sine = position(math::sin_turns(square.degrees / 360));
  const auto centre_x = position(square.x - 0.5), centre_y = position(square.y - 0.5); // of a pixel, not its corner
  const std::int64_t n = result.width;
  auto* out = result.pixels.data();
  for (std::int64_t v = 1 - n; v < n; v += 2) { // twice the distance from the centre, so that it is a whole number
    for (std::int64_t u = 1 - n; u < n; u += 2) {
      interpolate(out, picture, centre_x + (u * cosine - v * sine) / 2, centre_y + (u * sine + v * cosine) / 2);
      out += result.channels;
    }
  }
}

} // namespace

Image cut(const Image& picture, const FaceSquare& square) {
  check(picture, square);
  const auto n = rounded(square.side);
  Image result{static_cast<int>(n), static_cast<int>(n), picture.channels, {}};
  result.pixels.resize(static_cast<std::size_t>(n * n * picture.channels));
  if (square.degrees == 0) {
    const double half = static_cast<double>(n) / 2;
    copy_upright(result, picture, rounded(square.x - half), rounded(square.y - half));
  } else {
    resample_turned(result, picture, square);
  }
  return result;
}

} // namespace mien
