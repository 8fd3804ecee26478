// SPDX-License-Identifier: Apache-2.0
#include "lib/vision/haar_table.hpp"
#include "lib/vision/level_sums.hpp"
#include "mien/core/rng.hpp"
#include "mien/reference/cascade.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/guarded.hpp"
#include "tests/support/kernel_sets.hpp"

#include <algorithm>
#include <tuple>

using namespace mien;
using namespace mien::test;

namespace {

/// What a random cascade is like.
struct Kind {
  int width = 24, height = 24;
  int most_nodes = 1; ///< of a tree
  bool tilted = false;
  bool close = false; ///< few different leaves, and thresholds that sums of them meet within a float's rounding
};

/// Two halves, one rectangle within another, or quarters: what OpenCV's cascades are made of.
HaarFeature random_feature(Rng& rng, const Kind& kind) {
  const auto below = [&](int n) { return static_cast<int>(rng.below(static_cast<std::uint32_t>(n))); };
  HaarFeature feature;
  auto& [whole, part, other] = feature.rects;
  if (kind.tilted && below(2) == 0) { // halves along one diagonal
    feature.tilted = true;
    const int w = 1 + below(4), h = 1 + below(6);
    whole = {h + below(kind.width - 2 * w - h), below(kind.height - 2 * w - h), 2 * w, h, -1};
    part = {whole.x, whole.y, w, h, 2};
    return feature;
  }
  const int w = 1 + below(kind.width / 3), h = 1 + below(kind.height / 3); // of a part
  const int form = below(4);
  const int across = form == 0 || form == 3 ? 2 : 3, down = form == 3 ? 2 : form == 2 ? 3 : 1;
  whole = {below(kind.width - across * w + 1), below(kind.height - down * h + 1), across * w, down * h, -1};
  part = {whole.x, whole.y, w, h, 2};
  if (form == 1) part = {whole.x + w, whole.y, w, h, 3};
  if (form == 2) part = {whole.x + w, whole.y + h, w, h, 9};
  if (form == 3) other = {whole.x + w, whole.y + h, w, h, 2};
  return feature;
}

Cascade random_cascade(std::uint64_t seed, const Kind& kind) {
  Rng rng(seed, Purpose::test);
  Cascade cascade;
  cascade.width = kind.width;
  cascade.height = kind.height;
  for (const int trees : {3, 9, 20, 37}) {
    CascadeStage stage{.threshold = static_cast<float>(rng.uniform(-0.5, 0.1)),
                       .first_tree = static_cast<std::int32_t>(cascade.trees.size()),
                       .trees = trees};
    for (int t = 0; t < trees; ++t) {
      const auto nodes = 1 + static_cast<std::int32_t>(rng.below(static_cast<std::uint32_t>(kind.most_nodes)));
      cascade.trees.push_back(
          {static_cast<std::int32_t>(cascade.nodes.size()), nodes, static_cast<std::int32_t>(cascade.leaves.size())});
      for (std::int32_t n = 0; n < nodes; ++n) { // a chain: one answer leads on, the other to a leaf
        CascadeNode node{.feature = static_cast<std::int32_t>(cascade.haar_features.size()),
                         .threshold = static_cast<float>(rng.uniform(-0.01, 0.01))};
        node.left = -n;
        node.right = n + 1 < nodes ? n + 1 : -nodes;
        if (rng.below(2) == 0) std::swap(node.left, node.right);
        cascade.nodes.push_back(node);
        cascade.haar_features.push_back(random_feature(rng, kind));
      }
      for (std::int32_t n = 0; n <= nodes; ++n) {
        const float leaf = static_cast<float>(rng.uniform(-1, 1));
        cascade.leaves.push_back(!kind.close ? leaf : leaf < 0 ? -0.1f : 0.3f);
      }
    }
    // a sum of such leaves as a float: in double precision, sums lie on both sides of it
    if (kind.close) stage.threshold = 0.1f * static_cast<float>(trees % 4 - 2);
    cascade.stages.push_back(stage);
  }
  return cascade;
}

/// Shades and noise; an even patch, whose windows are flat; black and white, whose features have the largest values.
Image scene(int width, int height, std::uint64_t seed) {
  Rng rng(seed, Purpose::test);
  Image picture{width, height, 1, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const bool even = x > width / 2 && x < width / 2 + 30 && y < 40;
      const bool board = x % 90 < 40 && y > 10;
      const int shade = (x * x / 40 + y * 3) % 180 + static_cast<int>(rng.below(70));
      picture.pixels.push_back(static_cast<std::uint8_t>(even ? 90 : board ? (x / 12 + y / 14) % 2 * 255 : shade));
    }
  }
  return picture;
}

struct Expected {
  std::vector<std::tuple<int, int, double>> found; ///< row, column, sum
  std::vector<std::uint64_t> skip;                 ///< for the tile to the right
};

/// By the definition: every second window after a failure in the first stage is not looked at.
Expected by_reference(const Cascade& cascade, const Image& picture, int step, int columns, int rows,
                      const std::vector<std::uint64_t>& skip) {
  LevelSums sums;
  const auto layout = SumsLayout::of(picture.width, true, false);
  sums.compute(picture, picture.width, picture.height, 0, picture.height, layout);
  Expected expected;
  for (int row = 0; row < rows; ++row) {
    int column = static_cast<int>(skip[static_cast<std::size_t>(row)]);
    for (; column < columns; ++column) {
      const auto* at = sums.data() + row * step * layout.stride() + column * step;
      const auto outcome =
          reference::evaluate_cascade(cascade, {at, at + layout.squares(), at + layout.tilted_sums(), layout.stride()});
      if (outcome.stages == static_cast<int>(cascade.stages.size())) {
        expected.found.emplace_back(row, column, outcome.sum);
      }
      column += outcome.stages == 0;
    }
    expected.skip.push_back(column > columns ? 1 : 0);
  }
  return expected;
}

/// Every kernel set finds what the reference finds, in its order; returns how many windows that are.
std::size_t check(const Cascade& cascade, int step, int columns, int rows) {
  CAPTURE(step, columns, rows);
  const int width = (columns - 1) * step + cascade.width, height = (rows - 1) * step + cascade.height;
  const Image picture = scene(width, height, 5);
  std::vector<std::uint64_t> skip;
  for (int row = 0; row < rows; ++row) skip.push_back(row % 3 == 1 ? 1 : 0);
  const auto expected = by_reference(cascade, picture, step, columns, rows, skip);

  const auto layout = SumsLayout::of(width, true, step == 2);
  LevelSums sums;
  sums.compute(picture, width, height, 0, height, layout);
  const auto numbers = static_cast<std::size_t>((height + 1) * layout.stride() + LevelSums::slack);
  const auto tables = HaarTables::of(cascade, layout);
  REQUIRE(tables.has_value());
  for_each_kernel_set([&](const KernelSet& set) {
    if (set.haar_tile == nullptr) return; // the reference set
    for (std::size_t misalignment = 0; misalignment < 2; ++misalignment) {
      Guarded<std::uint32_t> guarded(std::span(sums.data(), numbers), misalignment);
      const auto narrow_numbers = static_cast<std::size_t>((height + 1) * layout.columns + LevelSums::slack);
      Guarded<std::uint16_t> narrow(std::span(sums.narrow(), narrow_numbers), misalignment);
      const HaarFound none{-1, -1, -1};
      Guarded<HaarFound> found(static_cast<std::size_t>(columns * rows), none, misalignment);
      auto carried = skip;
      const auto count = set.haar_tile(found.data(), carried.data(), tables->view(),
                                       {.sums = guarded.data(),
                                        .stride = step * layout.stride(),
                                        .narrow_sums = narrow.data(),
                                        .narrow_stride = step * layout.columns,
                                        .columns = columns,
                                        .rows = rows});
      std::vector<std::tuple<int, int, double>> actual;
      for (const auto& f : found.values().first(static_cast<std::size_t>(count))) {
        actual.emplace_back(f.row, f.column, f.sum);
      }
      CHECK(actual == expected.found);
      if (columns == HaarTile::most_columns) CHECK(carried == expected.skip);
      CHECK((guarded.intact() && narrow.intact() && found.intact()));
    }
  });
  return expected.found.size();
}

/// Tiles of all widths; something must be found, and something must not.
void check_widths(const Cascade& cascade) {
  std::size_t found = 0, windows = 0;
  for (const int step : {1, 2}) {
    for (const int columns : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64}) {
      const int rows = columns == 64 ? 16 : 1 + columns % 5;
      found += check(cascade, step, columns, rows);
      windows += static_cast<std::size_t>(columns * rows);
    }
  }
  CHECK(found > windows / 1000);
  CHECK(found < windows * 3 / 4);
}

} // namespace

TEST_CASE("kernels: a tile of windows passes a cascade of stumps as the reference says, bit for bit") {
  for (const std::uint64_t seed : {1, 2, 3}) check_widths(random_cascade(seed, {}));
}

TEST_CASE("kernels: windows that are not square and features that are tilted are no exception") {
  check_widths(random_cascade(4, {.width = 36, .height = 18}));
  check_widths(random_cascade(5, {.width = 20, .height = 20, .tilted = true}));
}

TEST_CASE("kernels: trees of several nodes reach the reference's leaves") {
  check_widths(random_cascade(6, {.most_nodes = 2}));
  check_widths(random_cascade(7, {.most_nodes = 5, .tilted = true}));
}

TEST_CASE("kernels: where single precision cannot decide, double precision does") {
  check_widths(random_cascade(8, {.close = true}));
  check_widths(random_cascade(9, {.most_nodes = 3, .close = true}));
}

TEST_CASE("kernels: a cascade of one stage gives its sum") {
  auto cascade = random_cascade(10, {});
  cascade.stages.resize(1);
  check_widths(cascade);
}
