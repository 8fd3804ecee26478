// SPDX-License-Identifier: Apache-2.0
#include "lib/vision/exact_resize.hpp"

#include <algorithm>
#include <cmath>

namespace mien {

std::vector<LinearTap> linear_taps(int from, int to) {
  const double step = 1 / (static_cast<double>(to) / from); // not from / to, whose last bit may differ
  std::vector<LinearTap> taps(static_cast<std::size_t>(to));
  for (int o = 0; o < to; ++o) {
    const double centre = step * (o + 0.5) - 0.5;
    const auto first = static_cast<std::int32_t>(std::floor(centre));
    auto& tap = taps[static_cast<std::size_t>(o)];
    if (first >= from - 1) {
      tap.first = from - 1;
    } else if (first >= 0) {
      tap = {first, static_cast<std::int32_t>(std::nearbyint((centre - first) * 256))};
    }
  }
  return taps;
}

ExactResize::ExactResize(const Image& grey, int width, int height)
    : grey_(&grey), across_(linear_taps(grey.width, width)), down_(linear_taps(grey.height, height)),
      between_(static_cast<std::size_t>(grey.width) + 1) {}

void ExactResize::row(std::span<std::uint8_t> row, int y) {
  // Down before across: both orders give the same bytes, as nothing is rounded between them, and this one reads whole
  // rows.
  const auto down = down_[static_cast<std::size_t>(y)];
  const auto width = static_cast<std::size_t>(grey_->width);
  const auto* upper = &grey_->pixels[static_cast<std::size_t>(down.first) * width];
  const auto* lower = down.share == 0 ? upper : upper + width;
  const auto share = static_cast<std::uint16_t>(down.share);
  for (std::size_t x = 0; x < width; ++x) {
    between_[x] = static_cast<std::uint16_t>(upper[x] * (256 - share) + lower[x] * share);
  }
  // Kept apart from the members, which a byte written into `row` might change for all the compiler knows.
  const auto* const taps = across_.data();
  const auto* const between = between_.data();
  auto* const out = row.data();
  for (std::size_t x = 0, columns = row.size(); x < columns; ++x) {
    const auto* pair = between + taps[x].first; // a second one at the edge is taken 0 times
    const int left = pair[0], right = pair[1];
    out[x] = static_cast<std::uint8_t>((left * 256 + (right - left) * taps[x].share + (1 << 15)) >> 16);
  }
}

} // namespace mien
