// SPDX-License-Identifier: Apache-2.0
// A number for every place of a picture, and how two such maps are compared and shown.
#pragma once

#include "mien/io/image.hpp"

#include <span>
#include <vector>

namespace mien {

/// Rows from the top, places from the left.
struct Heatmap {
  int height = 0;
  int width = 0;
  std::vector<float> values{}; ///< height * width

  friend bool operator==(const Heatmap&, const Heatmap&) = default;
};

/// The map at another size, interpolated bilinearly between centres; at the edges the nearest place counts.
/// Throws Error if an extent is below 1 or the map's extents and values disagree.
[[nodiscard]] Heatmap resized(const Heatmap& map, int width, int height);

/// Spearman's rank correlation.
///
///   r = correlation(rank(a), rank(b)),  equals share the mean of their ranks
///
/// Both have n >= 1 numbers. From -1 to 1; NaN if all of one are equal, so that there is no order to compare. Throws
/// Error if the counts differ or there is no number. Source: Spearman 1904; scipy.stats.spearmanr.
[[nodiscard]] double rank_correlation(std::span<const float> a, std::span<const float> b);

/// A picture in grey with the map's high places over it, from blue over green to red; what is 0 or less stays grey.
///
///   strength = max(0, value) / largest value,  pixel = (1 - 0.6 strength) grey + 0.6 strength colour(strength)
///
/// RGB, of the picture's size. A map without a value above 0 leaves the picture grey. Throws Error as resized() and
/// expect_whole() do.
[[nodiscard]] Image overlaid(const Image& picture, const Heatmap& map);

} // namespace mien
