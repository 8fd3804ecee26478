// SPDX-License-Identifier: Apache-2.0
#define MIEN_REFERENCE_NAMESPACE reference_in_library

#include "lib/vision/scan.hpp"

#include "lib/vision/haar_table.hpp"
#include "lib/vision/level_sums.hpp"
#include "lib/vision/pyramid.hpp"
#include "mien/kernels.hpp"
#include "mien/ops/parallel.hpp"
#include "mien/reference/cascade.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

namespace mien {
namespace {

namespace ref = reference_in_library;

/// How the levels with one step between windows are looked at.
struct Way {
  SumsLayout layout;
  std::optional<HaarTables> tables; ///< nothing: by mien::reference
};

/// One way for all levels with this step, the widest of which comes first.
Way way_for(int step, const Cascade& cascade, const std::vector<PyramidLevel>& levels) {
  const auto widest = std::ranges::find(levels, step, &PyramidLevel::step);
  if (widest == levels.end()) return {};
  const bool tilted = std::ranges::any_of(cascade.haar_features, &HaarFeature::tilted);
  Way way{SumsLayout::of(widest->width, tilted, step == 2), {}};
  if (kernels().haar_tile != nullptr) way.tables = HaarTables::of(cascade, way.layout);
  if (!way.tables) way.layout.split = false;
  return way;
}

/// Rows of windows of one level: what one thread does at a time.
struct Stripe {
  const PyramidLevel* level;
  int first, rows;
};

/// Enough rows that the window's height, which neighbouring stripes both sum up, is little beside them; few enough that
/// their sums stay in the second-level cache and that threads end together.
std::vector<Stripe> stripes_of(const std::vector<PyramidLevel>& levels) {
  constexpr int most_rows = 96;
  std::vector<Stripe> stripes;
  for (const auto& level : levels) {
    for (int first = 0; first < level.rows; first += most_rows) {
      stripes.push_back({&level, first, std::min(most_rows, level.rows - first)});
    }
  }
  return stripes;
}

/// The windows of a stripe that pass, by the reference.
std::vector<HaarFound> find_by_reference(const Cascade& cascade, const Stripe& stripe, const std::uint32_t* sums,
                                         const SumsLayout& layout) {
  std::vector<HaarFound> found;
  const auto& level = *stripe.level;
  for (int row = 0; row < stripe.rows; ++row) {
    for (int column = 0; column < level.columns; ++column) {
      const auto* window = sums + row * level.step * layout.stride() + column * level.step;
      const auto [stages, sum] = ref::evaluate_cascade(
          cascade, {window, window + layout.squares(), window + layout.tilted_sums(), layout.stride()});
      if (stages == static_cast<int>(cascade.stages.size())) found.push_back({column, row, sum});
      if (stages == 0) ++column; // as OpenCV: beside a window that the first stage rejects, none is looked at
    }
  }
  return found;
}

/// The windows of a stripe that pass, tile by tile.
std::vector<HaarFound> find_by_kernels(const HaarTable& table, const Stripe& stripe, const LevelSums& sums,
                                       const SumsLayout& layout) {
  constexpr int width = HaarTile::most_columns, height = HaarTile::most_rows;
  std::vector<HaarFound> found;
  HaarFound in_tile[width * height];
  for (int row = 0; row < stripe.rows; row += height) {
    const auto before = found.size();
    std::uint64_t skip[height] = {};
    for (int column = 0; column < stripe.level->columns; column += width) {
      const auto stride = stripe.level->step * layout.stride(), narrow_stride = stripe.level->step * layout.columns;
      const HaarTile tile{.sums = sums.data() + row * stride + column,
                          .stride = stride,
                          .narrow_sums = sums.narrow() + row * narrow_stride + column,
                          .narrow_stride = narrow_stride,
                          .columns = std::min(width, stripe.level->columns - column),
                          .rows = std::min(height, stripe.rows - row)};
      const auto count = kernels().haar_tile(in_tile, skip, table, tile);
      for (const auto& f : std::span(in_tile).first(static_cast<std::size_t>(count))) {
        found.push_back({f.column + column, f.row + row, f.sum});
      }
    }
    std::sort(found.begin() + static_cast<std::ptrdiff_t>(before), found.end(),
              [](const auto& a, const auto& b) { return std::pair(a.row, a.column) < std::pair(b.row, b.column); });
  }
  return found;
}

/// The windows of a stripe that pass. `sums` is scratch memory.
std::vector<Detection> scan_stripe(const Cascade& cascade, const Way& way, const Image& grey, const Stripe& stripe,
                                   LevelSums& sums) {
  const auto& level = *stripe.level;
  const int rows = (stripe.rows - 1) * level.step + cascade.height;
  sums.compute(grey, level.width, level.height, stripe.first * level.step, rows, way.layout);
  const auto found = way.tables ? find_by_kernels(way.tables->view(), stripe, sums, way.layout)
                                : find_by_reference(cascade, stripe, sums.data(), way.layout);
  std::vector<Detection> all;
  for (const auto& [column, row, sum] : found) {
    all.push_back({.box = level.box(column, stripe.first + row), .score = sum});
  }
  return all;
}

} // namespace

std::vector<Detection> scan(const Cascade& cascade, const Image& grey, const CascadeSettings& settings, int threads) {
  const auto levels = pyramid(grey.width, grey.height, cascade.width, cascade.height, settings);
  const auto stripes = stripes_of(levels);
  Way ways[2];
  parallel_for(threads, 2, [&](int i, int) { ways[i] = way_for(i + 1, cascade, levels); });
  std::vector<LevelSums> sums(static_cast<std::size_t>(std::max(threads, 1)));
  std::vector<std::vector<Detection>> found(stripes.size());
  parallel_for(threads, static_cast<int>(stripes.size()), [&](int part, int worker) {
    const auto& stripe = stripes[static_cast<std::size_t>(part)];
    found[static_cast<std::size_t>(part)] =
        scan_stripe(cascade, ways[stripe.level->step - 1], grey, stripe, sums[static_cast<std::size_t>(worker)]);
  });

  std::vector<Detection> all;
  for (const auto& part : found) all.insert(all.end(), part.begin(), part.end());
  return all;
}

} // namespace mien
