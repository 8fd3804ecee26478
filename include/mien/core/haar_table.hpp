// SPDX-License-Identifier: Apache-2.0
// A cascade of Haar features as the kernels read it: corners in place of rectangles, offsets in place of coordinates.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace mien {

/// One question of a tree, in 64 bytes.
///
/// The value of a feature is a sum of integral-image numbers at the corners of its rectangles, each times a small whole
/// number. Neighbouring rectangles share corners, so that three forms are all there are in OpenCV's cascades:
///
///   halves    (c0 + c1 - c2 - c3) + 2 (c4 - c5)                    two rectangles side by side
///   nested    (c0 + c1 - c2 - c3) + weight (c4 + c5 - c6 - c7)     one within the other
///   quarters  weight ((c0 + c1 + c2 + c3) - 2 (c4 + c5 + c6 + c7) + 4 c8)
///
/// Everything is modulo 2^32 and the value, a whole number below 2^24, exact as a float: whatever the order of
/// additions. A value that fits into 16 bits is `narrow`: sums modulo 2^16 are enough for it, twice as many of which
/// are loaded at a time.
struct alignas(64) HaarNode {
  enum class Form : std::uint8_t { halves, nested, quarters };

  std::array<std::int32_t, 9> corners{}; ///< from the (narrow) sum at the window's top left corner to that at ci
  Form form = Form::halves;
  bool narrow = false;
  std::int16_t weight = 0;
  float threshold = 0;                ///< left if value * contrast factor is below, else right
  float left = 0, right = 0;          ///< the leaves there, if no other question follows
  float gain = 0;                     ///< left - right, rounded
  std::array<std::int16_t, 2> next{}; ///< the tree's node on the left and on the right; 0: a leaf
};
static_assert(sizeof(HaarNode) == 64);

/// A window passes if the leaves reached in the stage's trees sum up to `threshold`, in double precision.
///
/// A sum in single precision decides where it is sure: below `reject` the window fails, from `pass` on it passes,
/// between them only the sum in double precision knows.
struct HaarStage {
  double threshold = 0;
  float reject = 0, pass = 0;
  float all_right = 0; ///< stumps: the sum if every answer is right
  std::int32_t first_node = 0, first_tree = 0, trees = 0;
  std::array<std::int32_t, 6> stumps{}; ///< stumps only: how many of each form, narrow ones first; so are they sorted
};

/// A whole cascade; offsets hold for one layout of integral images. A view.
struct HaarTable {
  std::span<const HaarStage> stages;
  std::span<const HaarNode> nodes;
  std::span<const std::int32_t> tree_nodes; ///< how many nodes each tree has, `most_nodes` at most
  bool stumps = true;                       ///< whether every tree is one node

  std::array<std::int32_t, 4> inner{}; ///< corners of the window without its outermost pixels: + - - +
  std::int32_t squares = 0;            ///< from a sum to the sum of squares
  double area = 0;                     ///< pixels within `inner`

  static constexpr std::int32_t most_nodes = 16;
};

/// Neighbouring windows that go through the stages together: so many that few are left alone, so few that their sums
/// stay in the first-level cache.
struct HaarTile {
  static constexpr std::int64_t most_columns = 64, most_rows = 32;

  const std::uint32_t* sums = nullptr;        ///< at the first window's top left corner; the next window's lie behind
  std::int64_t stride = 0;                    ///< from one row of windows to the next
  const std::uint16_t* narrow_sums = nullptr; ///< the same modulo 2^16, in rows of their own
  std::int64_t narrow_stride = 0;
  std::int64_t columns = 0, rows = 0; ///< of windows
};

/// A window that passed every stage.
struct HaarFound {
  std::int32_t column = 0, row = 0;
  double sum = 0; ///< of the last stage's leaves
};

} // namespace mien
