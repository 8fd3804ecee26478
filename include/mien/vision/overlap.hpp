// SPDX-License-Identifier: Apache-2.0
// How much two boxes cover of each other.
#pragma once

#include "mien/vision/detector.hpp"

#include <algorithm>
#include <cstdint>

namespace mien {

/// What two boxes share of what they cover together: 0 apart, 1 the same; 0 if one of them is empty.
///
///   |a and b| / (|a| + |b| - |a and b|), in pixels   ("intersection over union", Jaccard 1901)
[[nodiscard]] constexpr double overlap(const Box& a, const Box& b) noexcept {
  const auto common = [](std::int64_t from, std::int64_t size, std::int64_t other, std::int64_t other_size) {
    return std::max(std::min(from + size, other + other_size) - std::max(from, other), std::int64_t{0});
  };
  const auto both = static_cast<double>(common(a.x, a.width, b.x, b.width)) *
                    static_cast<double>(common(a.y, a.height, b.y, b.height));
  if (both <= 0) return 0;
  return both / (double{1} * a.width * a.height + double{1} * b.width * b.height - both);
}

} // namespace mien
