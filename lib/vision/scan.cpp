// SPDX-License-Identifier: Apache-2.0
#define MIEN_REFERENCE_NAMESPACE reference_in_library

#include "lib/vision/scan.hpp"

#include "lib/vision/level_sums.hpp"
#include "lib/vision/pyramid.hpp"
#include "mien/ops/parallel.hpp"
#include "mien/reference/cascade.hpp"

#include <algorithm>

namespace mien {
namespace {

namespace ref = reference_in_library;

/// Rows of windows of one level: what one thread does at a time.
struct Stripe {
  const PyramidLevel* level;
  int first, rows;
};

/// Enough rows that the window's height, which neighbouring stripes both sum up, is little beside them; few enough that
/// their sums stay in the second-level cache and that threads end together.
std::vector<Stripe> stripes_of(const std::vector<PyramidLevel>& levels) {
  constexpr int most_rows = 64;
  std::vector<Stripe> stripes;
  for (const auto& level : levels) {
    for (int first = 0; first < level.rows; first += most_rows) {
      stripes.push_back({&level, first, std::min(most_rows, level.rows - first)});
    }
  }
  return stripes;
}

/// What a thread needs while it works on a stripe.
struct Scanner {
  const Cascade& cascade;
  const Image& grey;
  LevelSums sums;

  std::vector<Detection> scan(const Stripe& stripe);
  void scan_row(std::vector<Detection>& found, const PyramidLevel& level, int row, const std::uint32_t* corner,
                const SumsLayout& layout) const;
};

void Scanner::scan_row(std::vector<Detection>& found, const PyramidLevel& level, int row, const std::uint32_t* corner,
                       const SumsLayout& layout) const {
  for (int column = 0; column < level.columns; ++column) {
    const auto* window = corner + column * level.step;
    const auto [stages, sum] = ref::evaluate_cascade(
        cascade, {window, window + layout.squares(), window + layout.tilted_sums(), layout.stride()});
    if (stages == static_cast<int>(cascade.stages.size())) {
      found.push_back({.box = level.box(column, row), .score = sum});
    }
    if (stages == 0) ++column; // as OpenCV: beside a window that the first stage rejects, none is looked at
  }
}

std::vector<Detection> Scanner::scan(const Stripe& stripe) {
  const auto& level = *stripe.level;
  const bool tilted = std::ranges::any_of(cascade.haar_features, &HaarFeature::tilted);
  const auto layout = SumsLayout::of(level.width, tilted, false);
  sums.compute(grey, level.width, level.height, stripe.first * level.step,
               (stripe.rows - 1) * level.step + cascade.height, layout);
  std::vector<Detection> found;
  for (int row = 0; row < stripe.rows; ++row) {
    scan_row(found, level, stripe.first + row, sums.data() + row * level.step * layout.stride(), layout);
  }
  return found;
}

} // namespace

std::vector<Detection> scan(const Cascade& cascade, const Image& grey, const CascadeSettings& settings, int threads) {
  const auto levels = pyramid(grey.width, grey.height, cascade.width, cascade.height, settings);
  const auto stripes = stripes_of(levels);
  std::vector<Scanner> scanners(static_cast<std::size_t>(std::max(threads, 1)), Scanner{cascade, grey, {}});
  std::vector<std::vector<Detection>> found(stripes.size());
  parallel_for(threads, static_cast<int>(stripes.size()), [&](int part, int worker) {
    const auto at = static_cast<std::size_t>(part);
    found[at] = scanners[static_cast<std::size_t>(worker)].scan(stripes[at]);
  });

  std::vector<Detection> all;
  for (const auto& part : found) all.insert(all.end(), part.begin(), part.end());
  return all;
}

} // namespace mien
