// SPDX-License-Identifier: Apache-2.0
// Faces hidden for good.
#include "mien/data/resize.hpp"
#include "mien/vision/annotate.hpp"

#include <algorithm>
#include <cmath>

namespace mien {
namespace {

constexpr int cells = 5; // across and down: what is left of a face

void hide(Image& picture, const Box& box) {
  // The ellipse through the corners: its radii are half the box's sides times the square root of 2.
  const float rx = static_cast<float>(box.width) * 0.70711f, ry = static_cast<float>(box.height) * 0.70711f;
  const float x0 = static_cast<float>(box.x) + static_cast<float>(box.width) / 2;
  const float y0 = static_cast<float>(box.y) + static_cast<float>(box.height) / 2;
  const auto pixel = [](float at, int end) { // the cast comes after the clamp: a box may lie anywhere
    return static_cast<int>(std::clamp(at, 0.0f, static_cast<float>(end)));
  };
  const int left = pixel(x0 - rx, picture.width), right = pixel(x0 + rx + 1, picture.width);
  const int top = pixel(y0 - ry, picture.height), bottom = pixel(y0 + ry + 1, picture.height);
  if (left >= right || top >= bottom) return;

  const auto row = [&](int y) {
    return picture.pixels.begin() + (std::ptrdiff_t{y} * picture.width + left) * picture.channels;
  };
  Image part{right - left, bottom - top, picture.channels, {}};
  const auto row_bytes = std::ptrdiff_t{part.width} * part.channels;
  for (int y = top; y < bottom; ++y) part.pixels.insert(part.pixels.end(), row(y), row(y) + row_bytes);
  const Image left_over = resized(part, std::min(cells, part.width), std::min(cells, part.height));
  part = resized(left_over, part.width, part.height);

  for (int y = top; y < bottom; ++y) {
    const float down = (static_cast<float>(y) + 0.5f - y0) / ry;
    const float half = rx * std::sqrt(std::max(0.0f, 1 - down * down));
    const int from = pixel(x0 - half, picture.width), to = pixel(x0 + half + 1, picture.width);
    const auto source = part.pixels.begin() + (y - top) * row_bytes;
    std::copy(source + std::ptrdiff_t{from - left} * part.channels, source + std::ptrdiff_t{to - left} * part.channels,
              row(y) + std::ptrdiff_t{from - left} * part.channels);
  }
}

} // namespace

Image blurred(Image picture, std::span<const Box> boxes) {
  expect_whole(picture, "blurred");
  for (const Box& box : boxes) hide(picture, box);
  return picture;
}

} // namespace mien
