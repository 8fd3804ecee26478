// SPDX-License-Identifier: Apache-2.0
#include "mien/data/resize.hpp"

#include "mien/core/error.hpp"

#include <algorithm>
#include <cmath>

namespace mien {
namespace {

constexpr int weight_bits = 23; // the most that 255 times a sum of weights fits into 32 bits with
constexpr int middle_bits = 8;  // fraction kept between the two passes

/// The pixels that one new pixel is made of, and their weights, which sum to 2^weight_bits.
struct Taps {
  std::size_t first;
  std::vector<std::uint32_t> weights;
};

std::vector<Taps> taps_for(int from, int to) {
  const double step = static_cast<double>(from) / to;
  const double reach = std::max(step, 1.0);
  std::vector<Taps> all;
  all.reserve(static_cast<std::size_t>(to));
  std::vector<double> exact;
  for (int o = 0; o < to; ++o) {
    const double centre = (o + 0.5) * step - 0.5;
    const int first = std::max(0, static_cast<int>(std::ceil(centre - reach)));
    const int last = std::min(from - 1, static_cast<int>(std::floor(centre + reach)));
    exact.clear();
    double sum = 0;
    for (int i = first; i <= last; ++i) {
      exact.push_back(std::max(0.0, 1 - std::abs(i - centre) / reach));
      sum += exact.back();
    }
    Taps taps{static_cast<std::size_t>(first), {}};
    std::int64_t left = std::int64_t{1} << weight_bits;
    for (const double w : exact) {
      taps.weights.push_back(static_cast<std::uint32_t>(w / sum * (1 << weight_bits) + 0.5));
      left -= taps.weights.back();
    }
    // What rounding left over goes to the largest, so that a constant picture stays as it is.
    auto& largest = *std::ranges::max_element(taps.weights);
    largest = static_cast<std::uint32_t>(largest + left);
    all.push_back(std::move(taps));
  }
  return all;
}

} // namespace

Image resized(const Image& picture, int width, int height) {
  if (width < 1 || height < 1 || picture.width < 1 || picture.height < 1) {
    throw Error(concat("resize: from ", picture.width, "x", picture.height, " to ", width, "x", height,
                       ": every extent must be at least 1"));
  }
  if (picture.width == width && picture.height == height) return picture;
  const auto channels = static_cast<std::size_t>(picture.channels);
  const auto old_row = static_cast<std::size_t>(picture.width) * channels;
  const auto new_row = static_cast<std::size_t>(width) * channels;

  std::vector<std::uint16_t> middle(static_cast<std::size_t>(picture.height) * new_row);
  const auto across = taps_for(picture.width, width);
  for (std::size_t y = 0; y < static_cast<std::size_t>(picture.height); ++y) {
    auto* out = &middle[y * new_row];
    for (const auto& taps : across) {
      const auto* x = &picture.pixels[y * old_row + taps.first * channels];
      for (std::size_t c = 0; c < channels; ++c) {
        std::uint32_t sum = 1u << (weight_bits - middle_bits - 1);
        for (std::size_t i = 0; i < taps.weights.size(); ++i) sum += x[i * channels + c] * taps.weights[i];
        *out++ = static_cast<std::uint16_t>(sum >> (weight_bits - middle_bits));
      }
    }
  }

  Image result{width, height, picture.channels, {}};
  result.pixels.reserve(static_cast<std::size_t>(height) * new_row);
  std::vector<std::uint64_t> sums(new_row);
  for (const auto& taps : taps_for(picture.height, height)) {
    std::ranges::fill(sums, std::uint64_t{1} << (weight_bits + middle_bits - 1));
    for (std::size_t i = 0; i < taps.weights.size(); ++i) {
      const auto* x = &middle[(taps.first + i) * new_row];
      for (std::size_t o = 0; o < new_row; ++o) sums[o] += std::uint64_t{x[o]} * taps.weights[i];
    }
    for (const auto sum : sums) result.pixels.push_back(static_cast<std::uint8_t>(sum >> (weight_bits + middle_bits)));
  }
  return result;
}

} // namespace mien
