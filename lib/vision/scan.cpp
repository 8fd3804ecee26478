// SPDX-License-Identifier: Apache-2.0
#define MIEN_REFERENCE_NAMESPACE reference_in_library

#include "lib/vision/scan.hpp"

#include "mien/ops/parallel.hpp"
#include "mien/reference/cascade.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace mien {
namespace {

namespace ref = reference_in_library;

int rounded(double value) { return static_cast<int>(std::nearbyint(value)); }

/// Sizes from one to the next, as factors of the cascade's window.
std::vector<float> scales(const Cascade& cascade, const Image& grey, const CascadeSettings& settings) {
  std::vector<float> all, wanted;
  for (double factor = 1;; factor *= settings.scale_factor) {
    if (rounded(cascade.width * factor) > grey.width || rounded(cascade.height * factor) > grey.height) break;
    all.push_back(static_cast<float>(factor));
  }
  const int widest = settings.max_face > 0 ? settings.max_face : grey.width;
  const int highest = settings.max_face > 0 ? settings.max_face : grey.height;
  double nearest = 0;
  float best = 0;
  for (const float scale : all) {
    const int width = rounded(static_cast<float>(cascade.width) * scale);
    const int height = rounded(static_cast<float>(cascade.height) * scale);
    const double dx = settings.min_face - width, dy = settings.min_face - height;
    if (best == 0 || dx * dx + dy * dy < nearest) {
      best = scale;
      nearest = dx * dx + dy * dy;
    }
    if (width > widest || height > highest) continue;
    if (width >= settings.min_face && height >= settings.min_face) wanted.push_back(scale);
  }
  if (wanted.empty() && best > 0) wanted.push_back(best);
  return wanted;
}

struct Taps {
  int at = 0;
  int weights[2] = {256, 0};
};

std::vector<Taps> taps(int from, int to) {
  std::vector<Taps> all;
  const double scale = 1 / (static_cast<double>(to) / from);
  for (int i = 0; i < to; ++i) {
    const double place = scale * (i + 0.5) - 0.5;
    Taps t{std::max(0, std::min(from - 1, static_cast<int>(std::floor(place)))), {256, 0}};
    if (place >= 0 && t.at < from - 1) t.weights[1] = rounded((place - t.at) * 256);
    t.weights[0] = 256 - t.weights[1];
    all.push_back(t);
  }
  return all;
}

Image resized(const Image& grey, int width, int height) {
  Image out{width, height, 1, {}};
  const auto columns = taps(grey.width, width), rows = taps(grey.height, height);
  for (const auto& row : rows) {
    for (const auto& column : columns) {
      const auto line = [&](int y) {
        const auto* p = grey.pixels.data() + std::ptrdiff_t{y} * grey.width + column.at;
        return p[0] * column.weights[0] + (column.weights[1] != 0 ? p[1] * column.weights[1] : 0);
      };
      const int sum = line(row.at) * row.weights[0] + (row.weights[1] != 0 ? line(row.at + 1) * row.weights[1] : 0);
      out.pixels.push_back(static_cast<std::uint8_t>((sum + 0x8000) >> 16));
    }
  }
  return out;
}

struct Integrals {
  std::vector<std::uint32_t> sum, squares, tilted;
  std::ptrdiff_t stride = 0;
};

Integrals integrals(const Image& picture, bool with_tilted) {
  Integrals all;
  const std::ptrdiff_t stride = picture.width + 1, size = stride * (picture.height + 1);
  all.stride = stride;
  for (auto* plane : {&all.sum, &all.squares, &all.tilted}) plane->assign(static_cast<std::size_t>(size), 0);
  for (std::ptrdiff_t y = 1; y <= picture.height; ++y) {
    for (std::ptrdiff_t x = 1; x <= picture.width; ++x) {
      const std::uint32_t v = picture.pixels[static_cast<std::size_t>((y - 1) * picture.width + x - 1)];
      const auto add = [&](std::vector<std::uint32_t>& s, std::uint32_t value) {
        s[static_cast<std::size_t>(y * stride + x)] = value + s[static_cast<std::size_t>((y - 1) * stride + x)] +
                                                      s[static_cast<std::size_t>(y * stride + x - 1)] -
                                                      s[static_cast<std::size_t>((y - 1) * stride + x - 1)];
      };
      add(all.sum, v);
      add(all.squares, v * v);
    }
  }
  for (std::ptrdiff_t y = 1; with_tilted && y <= picture.height; ++y) {
    for (std::ptrdiff_t x = 0; x <= picture.width; ++x) {
      std::uint32_t sum = 0;
      for (std::ptrdiff_t j = std::max<std::ptrdiff_t>(0, y - 70); j < y; ++j)
        for (std::ptrdiff_t i = std::max<std::ptrdiff_t>(0, x - 1 - (y - 1 - j));
             i <= std::min<std::ptrdiff_t>(picture.width - 1, x - 1 + (y - 1 - j)); ++i)
          sum += picture.pixels[static_cast<std::size_t>(j * picture.width + i)];
      all.tilted[static_cast<std::size_t>(y * stride + x)] = sum;
    }
  }
  return all;
}

std::vector<Detection> windows_of_level(const Cascade& cascade, const Image& grey, float scale, bool with_tilted) {
  std::vector<Detection> found;
  const int stages = static_cast<int>(cascade.stages.size());
  const int step = scale >= 2 ? 1 : 2;
  const auto level =
      resized(grey, rounded(static_cast<float>(grey.width) / scale), rounded(static_cast<float>(grey.height) / scale));
  const auto sums = integrals(level, with_tilted);
  const auto place = [&](int length) { return rounded(static_cast<float>(length) * scale); };
  for (int y = 0; y <= level.height - cascade.height; y += step) {
    for (int x = 0; x <= level.width - cascade.width; x += step) {
      const auto at = y * sums.stride + x;
      const auto outcome = ref::evaluate_cascade(
          cascade, {sums.sum.data() + at, sums.squares.data() + at, sums.tilted.data() + at, sums.stride});
      if (outcome.stages == stages)
        found.push_back({{place(x), place(y), place(cascade.width), place(cascade.height)}, outcome.sum, 1, 0});
      if (outcome.stages == 0) x += step; // as OpenCV: beside a window that the first stage rejects, none is looked at
    }
  }
  return found;
}

} // namespace

std::vector<Detection> scan(const Cascade& cascade, const Image& grey, const CascadeSettings& settings, int threads) {
  const bool with_tilted = std::ranges::any_of(cascade.haar_features, &HaarFeature::tilted);
  const auto levels = scales(cascade, grey, settings);
  std::vector<std::vector<Detection>> by_level(levels.size());
  parallel_for(threads, static_cast<int>(levels.size()), [&](int part, int) {
    const auto i = static_cast<std::size_t>(part);
    by_level[i] = windows_of_level(cascade, grey, levels[i], with_tilted);
  });
  std::vector<Detection> found;
  for (const auto& level : by_level) found.insert(found.end(), level.begin(), level.end());
  return found;
}

} // namespace mien
