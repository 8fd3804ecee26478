// SPDX-License-Identifier: Apache-2.0
#include "lib/vision/pyramid.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace mien {
namespace {

/// To the nearest whole number; halves to the even one.
template <class T> int rounded(T value) { return static_cast<int>(std::nearbyint(value)); }

struct Size {
  int width, height;
  [[nodiscard]] bool fits_into(const Size& other) const { return width <= other.width && height <= other.height; }
};

Size scaled(const Size& size, float scale) {
  return {rounded(static_cast<float>(size.width) * scale), rounded(static_cast<float>(size.height) * scale)};
}

/// Every scale at which the window fits into the picture.
std::vector<float> all_scales(const Size& picture, const Size& window, double factor) {
  std::vector<float> scales;
  for (double scale = 1;; scale *= factor) {
    const Size size{rounded(window.width * scale), rounded(window.height * scale)};
    if (!size.fits_into(picture)) return scales;
    scales.push_back(static_cast<float>(scale));
  }
}

/// The scale whose window comes nearest to the least size asked for.
float nearest_scale(const std::vector<float>& scales, const Size& window, int least) {
  return *std::ranges::min_element(scales, {}, [&](float scale) {
    const Size size = scaled(window, scale);
    const std::int64_t dx = least - size.width, dy = least - size.height;
    return dx * dx + dy * dy;
  });
}

std::vector<float> wanted_scales(const Size& picture, const Size& window, const CascadeSettings& settings) {
  const Size least{settings.min_face, settings.min_face};
  const Size most = settings.max_face == 0 ? picture : Size{settings.max_face, settings.max_face};
  const auto all = all_scales(picture, window, settings.scale_factor);
  std::vector<float> wanted;
  for (const float scale : all) {
    const Size size = scaled(window, scale);
    if (!size.fits_into(most)) break;
    if (least.fits_into(size)) wanted.push_back(scale);
  }
  // Least and most may leave nothing between them: then one size is looked for all the same.
  if (wanted.empty() && !all.empty()) wanted.push_back(nearest_scale(all, window, settings.min_face));
  return wanted;
}

/// How many rows of windows are looked at. OpenCV deals the places down the level out to as many stripes as the first
/// level is 32 pixels wide; it counts whole steps only, so that a last row is sometimes left out.
int rows_looked_at(int down, int step, int stripes) {
  const int stripe = std::max((down / step + stripes - 1) / stripes, 1) * step;
  return (std::min(stripe * stripes, down) + step - 1) / step;
}

} // namespace

Box PyramidLevel::box(int column, int row) const noexcept {
  Box result = window;
  result.x = rounded(static_cast<float>(column * step) * scale);
  result.y = rounded(static_cast<float>(row * step) * scale);
  return result;
}

std::vector<PyramidLevel> pyramid(int width, int height, int window_width, int window_height,
                                  const CascadeSettings& settings) {
  const Size picture{width, height}, window{window_width, window_height};
  std::vector<PyramidLevel> levels;
  int stripes = 0;
  for (const float scale : wanted_scales(picture, window, settings)) {
    PyramidLevel level;
    level.scale = scale;
    level.width = rounded(static_cast<float>(width) / scale);
    level.height = rounded(static_cast<float>(height) / scale);
    level.step = scale >= 2 ? 1 : 2;
    const int across = std::max(0, level.width - window_width + 1),
              down = std::max(0, level.height - window_height + 1);
    if (levels.empty()) stripes = (across + 31) / 32;
    level.columns = (across + level.step - 1) / level.step;
    level.rows = rows_looked_at(down, level.step, stripes);
    const Size size = scaled(window, scale);
    level.window = {0, 0, size.width, size.height};
    levels.push_back(level);
  }
  return levels;
}

} // namespace mien
