// SPDX-License-Identifier: Apache-2.0
#include "lib/vision/haar_feature.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <span>

namespace mien {
namespace {

/// The sums at a corner count this often; the offset is from the sums at the window's top left corner.
struct Corner {
  std::int32_t offset;
  std::int32_t times;
};

/// The corners of up to three rectangles.
struct Corners {
  std::array<Corner, 12> list{};
  std::size_t count = 0;

  void add(std::ptrdiff_t offset, std::int32_t times) {
    const auto end = list.begin() + static_cast<std::ptrdiff_t>(count);
    const auto same = std::find_if(list.begin(), end, [&](const Corner& c) { return c.offset == offset; });
    if (same == end) ++count;
    *same = {static_cast<std::int32_t>(offset), times + (same == end ? 0 : same->times)};
  }
};

/// A feature's corners: rectangles that share one make it count for both. None if a weight is no whole number.
Corners corners_of(const HaarFeature& feature, const SumsLayout& layout, bool narrow) {
  const auto stride = narrow ? layout.columns : layout.stride();
  Corners corners;
  for (const auto& r : feature.rects) {
    if (r.weight == 0) continue;
    if (r.weight != std::nearbyint(r.weight) || std::abs(r.weight) > 1000) return {};
    const auto weight = static_cast<std::int32_t>(r.weight);
    const auto add = [&](int x, int y, std::int32_t times) {
      corners.add(y * stride + layout.column(x) + (feature.tilted ? layout.tilted_sums() : 0), times);
    };
    const int down = feature.tilted ? r.width : 0, back = feature.tilted ? r.height : 0;
    add(r.x, r.y, weight);
    add(r.x + r.width, r.y + down, -weight);
    add(r.x - back, r.y + r.height, -weight);
    add(r.x + r.width - back, r.y + down + r.height, weight);
  }
  const auto kept =
      std::remove_if(corners.list.begin(), corners.list.begin() + static_cast<std::ptrdiff_t>(corners.count),
                     [](const Corner& c) { return c.times == 0; });
  corners.count = static_cast<std::size_t>(kept - corners.list.begin());
  return corners;
}

/// Puts the corners in the order in which one of HaarNode's forms counts them. False if it cannot.
bool put_in_order(HaarNode& node, Corners corners, std::initializer_list<std::int32_t> form) {
  if (corners.count != form.size()) return false;
  std::size_t at = 0;
  for (const auto times : form) {
    auto* const end = corners.list.data() + corners.count;
    auto* const found = std::find_if(corners.list.data(), end, [&](const Corner& c) { return c.times == times; });
    if (found == end) return false;
    node.corners[at++] = found->offset;
    found->times = 0; // taken
  }
  return true;
}

bool set_corners(HaarNode& node, const Corners& corners) {
  if (corners.count == 6) {
    node.form = HaarNode::Form::halves;
    return put_in_order(node, corners, {1, 1, -1, -1, 2, -2});
  }
  std::int32_t most = 0;
  for (const auto& c : std::span(corners.list).first(corners.count)) {
    most = std::abs(c.times) > std::abs(most) ? c.times : most;
  }
  if (corners.count == 8) {
    node.form = HaarNode::Form::nested;
    const auto w = std::abs(most);
    node.weight = static_cast<std::int16_t>(w);
    return put_in_order(node, corners, {1, 1, -1, -1, w, w, -w, -w});
  }
  node.form = HaarNode::Form::quarters;
  const auto s = most > 0 ? 1 : -1;
  node.weight = static_cast<std::int16_t>(s);
  return put_in_order(node, corners, {s, s, s, s, -2 * s, -2 * s, -2 * s, -2 * s, 4 * s});
}

/// The largest value that a feature can have, of either sign. What a second or third rectangle takes from the first one
/// counts there no more, if it lies within it and they do not overlap.
double largest_value(const HaarFeature& feature) {
  const auto& [whole, part, other] = feature.rects;
  const auto pixels = [&](const FeatureRect& r) { return (feature.tilted ? 2.0 : 1.0) * r.width * r.height; };
  const auto within = [&](const FeatureRect& r) {
    return r.weight == 0 || (r.weight >= 1 && r.x >= whole.x && r.y >= whole.y &&
                             r.x + r.width <= whole.x + whole.width && r.y + r.height <= whole.y + whole.height);
  };
  const bool apart = other.weight == 0 || part.x + part.width <= other.x || other.x + other.width <= part.x ||
                     part.y + part.height <= other.y || other.y + other.height <= part.y;
  double above = 0, below = 0;
  for (const auto& r : feature.rects) (r.weight > 0 ? above : below) += std::abs(double{r.weight}) * pixels(r);
  if (!feature.tilted && whole.weight == -1 && within(part) && within(other) && apart) {
    const double taken = pixels(part) + (other.weight == 0 ? 0 : pixels(other));
    above -= taken;
    below -= taken;
  }
  return 255 * std::max(above, below);
}

} // namespace

bool set_feature(HaarNode& node, const HaarFeature& feature, const SumsLayout& layout) {
  const double largest = largest_value(feature);
  node.narrow = !feature.tilted && largest < 0x1p15;
  return largest < 0x1p24 && set_corners(node, corners_of(feature, layout, node.narrow));
}

} // namespace mien
