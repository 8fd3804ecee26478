// SPDX-License-Identifier: Apache-2.0
#include "mien/train/heatmap.hpp"

#include "mien/core/error.hpp"
#include "mien/data/grey.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>

namespace mien {
namespace {

void expect_whole(const Heatmap& map) {
  if (map.height < 1 || map.width < 1 ||
      map.values.size() != static_cast<std::size_t>(map.height) * static_cast<std::size_t>(map.width))
    throw Error(concat("heatmap: ", map.values.size(), " values for ", map.height, "x", map.width,
                       " places, expected one each, and at least one"));
}

/// Between which two places a place of the result lies, and how much the second counts.
struct Between {
  int first, second;
  double share;
};

Between between(int o, int from, int to) {
  const double at = std::clamp((o + 0.5) * from / to - 0.5, 0.0, from - 1.0);
  const int first = static_cast<int>(at);
  return {first, std::min(first + 1, from - 1), at - first};
}

/// Places in order of size, from 1; equals share the mean of theirs.
std::vector<double> ranks(std::span<const float> x) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return x[i]; });
  std::vector<double> rank(x.size());
  for (std::size_t begin = 0, end = 0; begin < x.size(); begin = end) {
    while (end < x.size() && x[order[end]] == x[order[begin]]) ++end;
    const double mean = static_cast<double>(begin + 1 + end) / 2;
    for (auto i = begin; i < end; ++i) rank[order[i]] = mean;
    if (end == begin) ++end; // a NaN equals nothing, itself included
  }
  return rank;
}

/// From blue (0) over green to red (1).
std::array<double, 3> colour(double strength) {
  const auto hump = [&](double centre) { return std::clamp(2 - 4 * std::abs(strength - centre), 0.0, 1.0); };
  return {255 * (strength > 0.75 ? 1 : hump(0.85)), 255 * hump(0.5), 255 * (strength < 0.25 ? 1 : hump(0.15))};
}

} // namespace

Heatmap resized(const Heatmap& map, int width, int height) {
  expect_whole(map);
  if (width < 1 || height < 1)
    throw Error(concat("heatmap: ", height, "x", width, " asked for, every extent must be at least 1"));
  Heatmap result{height, width, {}};
  result.values.reserve(static_cast<std::size_t>(height) * static_cast<std::size_t>(width));
  const auto value = [&](int row, int column) {
    return double{map.values[static_cast<std::size_t>(row * map.width + column)]};
  };
  for (int y = 0; y < height; ++y) {
    const auto [top, bottom, down] = between(y, map.height, height);
    for (int x = 0; x < width; ++x) {
      const auto [left, right, across] = between(x, map.width, width);
      const double above = value(top, left) + across * (value(top, right) - value(top, left));
      const double below = value(bottom, left) + across * (value(bottom, right) - value(bottom, left));
      result.values.push_back(static_cast<float>(above + down * (below - above)));
    }
  }
  return result;
}

double rank_correlation(std::span<const float> a, std::span<const float> b) {
  if (a.size() != b.size() || a.empty())
    throw Error(concat("rank correlation: ", a.size(), " numbers and ", b.size(), ", expected as many, at least one"));
  const auto x = ranks(a), y = ranks(b);
  const double mean = static_cast<double>(a.size() + 1) / 2;
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    xy += (x[i] - mean) * (y[i] - mean);
    xx += (x[i] - mean) * (x[i] - mean);
    yy += (y[i] - mean) * (y[i] - mean);
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : std::numeric_limits<double>::quiet_NaN();
}

Image overlaid(const Image& picture, const Heatmap& map) {
  expect_whole(picture, "overlay");
  const auto fine = resized(map, picture.width, picture.height);
  const float largest = std::ranges::max(fine.values);
  Image result = to_rgb(to_grey(picture));
  if (!(largest > 0)) return result;
  for (std::size_t i = 0; i < fine.values.size(); ++i) {
    const double strength = std::max(0.0f, fine.values[i]) / double{largest}, share = 0.6 * strength;
    const auto over = colour(strength);
    for (std::size_t c = 0; c < 3; ++c) {
      auto& byte = result.pixels[3 * i + c];
      byte = static_cast<std::uint8_t>((1 - share) * byte + share * over[c] + 0.5);
    }
  }
  return result;
}

} // namespace mien
