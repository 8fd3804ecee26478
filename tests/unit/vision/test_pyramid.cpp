// SPDX-License-Identifier: Apache-2.0
#include "lib/vision/exact_resize.hpp"
#include "lib/vision/level_sums.hpp"
#include "lib/vision/pyramid.hpp"
#include "tests/unit/vision/pyramid_fixture.hpp"

using namespace mien;
using namespace mien::test;

namespace {

/// What one kind of sums holds, in the order of columns.
std::vector<std::uint32_t> in_order(const std::uint32_t* sums, int width, int rows, const SumsLayout& layout) {
  std::vector<std::uint32_t> result;
  for (int y = 0; y <= rows; ++y) {
    for (int x = 0; x <= width; ++x) result.push_back(sums[y * layout.stride() + layout.column(x)]);
  }
  return result;
}

/// The sum of a rectangle of pixels, from its corners.
std::uint32_t corners(const std::uint32_t* sums, const SumsLayout& layout, int x, int y, int width, int height) {
  const auto at = [&](int column, int row) { return sums[row * layout.stride() + layout.column(column)]; };
  return at(x, y) - at(x + width, y) - at(x, y + height) + at(x + width, y + height);
}

} // namespace

TEST_CASE("exact resize: the bytes are those of OpenCV's INTER_LINEAR_EXACT") {
  for (const auto& row : pyramid_fixture("resize")) {
    CAPTURE(row.dump());
    const Image picture = noise(row["from"][0], row["from"][1]);
    const int width = row["to"][0], height = row["to"][1];
    Image small{width, height, 1, std::vector<std::uint8_t>(static_cast<std::size_t>(width) * height)};
    ExactResize resize(picture, width, height);
    for (int y = 0; y < height; ++y) {
      resize.row(std::span(small.pixels).subspan(static_cast<std::size_t>(y) * width, width), y);
    }
    CHECK(fnv(std::span<const std::uint8_t>(small.pixels)) == row["bytes"]);
  }
}

TEST_CASE("level sums: sums, squares and tilted sums are OpenCV's, split into even and odd columns or not") {
  LevelSums sums;
  for (const auto& row : pyramid_fixture("integral")) {
    const int width = row["size"][0], height = row["size"][1];
    const Image picture = noise(width, height);
    for (const bool split : {false, true}) {
      CAPTURE(width, height, split);
      const auto layout = SumsLayout::of(width, true, split);
      sums.compute(picture, width, height, 0, height, layout);
      const auto kind = [&](std::ptrdiff_t offset) {
        return fnv(std::span<const std::uint32_t>(in_order(sums.data() + offset, width, height, layout)));
      };
      CHECK(kind(0) == row["sums"]);
      CHECK(kind(layout.squares()) == row["squares"]);
      CHECK(kind(layout.tilted_sums()) == row["tilted"]);
    }
  }
}

TEST_CASE("level sums: rows computed alone hold the same differences") {
  const Image picture = noise(50, 40);
  const auto layout = SumsLayout::of(31, true, true);
  LevelSums whole, part;
  whole.compute(picture, 31, 25, 0, 25, layout);
  part.compute(picture, 31, 25, 7, 12, layout);
  const auto* shifted = whole.data() + 7 * layout.stride();
  for (const auto kind : {std::ptrdiff_t{0}, layout.squares()}) {
    CHECK(corners(part.data() + kind, layout, 3, 2, 9, 10) == corners(shifted + kind, layout, 3, 2, 9, 10));
    CHECK(corners(part.data() + kind, layout, 0, 0, 31, 12) == corners(shifted + kind, layout, 0, 0, 31, 12));
  }
  // a tilted rectangle: top (10, 1), 4 to the right, 3 to the left
  const auto tilted = [&](const std::uint32_t* sums) {
    const auto at = [&](int x, int y) { return sums[y * layout.stride() + layout.tilted_sums() + layout.column(x)]; };
    return at(10, 1) - at(7, 4) - at(14, 5) + at(11, 8);
  };
  CHECK(tilted(part.data()) == tilted(shifted));
}

TEST_CASE("pyramid: the windows are those that OpenCV looks at, in its order") {
  int compared = 0;
  for (const auto& row : pyramid_fixture("scan")) {
    if (row["stage"] != -5) continue; // this cascade takes every window
    CAPTURE(row.dump());
    const int width = row["size"][0], height = row["size"][1];
    std::vector<Box> boxes;
    for (const auto& level : pyramid(width, height, row["window"][0], row["window"][1], settings_of(row))) {
      for (int y = 0; y < level.rows; ++y) {
        for (int x = 0; x < level.columns; ++x) boxes.push_back(level.box(x, y));
      }
    }
    CHECK(fnv(boxes, width, height) == row["boxes"]);
    ++compared;
  }
  CHECK(compared == 22);
}
