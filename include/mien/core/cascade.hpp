// SPDX-License-Identifier: Apache-2.0
// A cascade of boosted trees over rectangle features: what Viola and Jones' detector knows, as plain data.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace mien {

/// A rectangle of a feature, in pixels of the cascade's own window.
struct FeatureRect {
  int x = 0, y = 0, width = 0, height = 0;
  float weight = 0;

  friend bool operator==(const FeatureRect&, const FeatureRect&) = default;
};

/// Up to three weighted rectangle sums; where there are two, the third weighs 0.
///
/// A tilted rectangle is turned by 45 degrees: (x, y) is its top corner, `width` runs down to the right and `height`
/// down to the left.   Source: Lienhart and Maydt 2002, "An extended set of Haar-like features for rapid object
/// detection".
struct HaarFeature {
  std::array<FeatureRect, 3> rects;
  bool tilted = false;

  friend bool operator==(const HaarFeature&, const HaarFeature&) = default;
};

/// A local binary pattern: (x, y, width, height) is the first of 3 x 3 equal cells, the middle one is compared with
/// its eight neighbours.
struct LbpFeature {
  int x = 0, y = 0, width = 0, height = 0;

  friend bool operator==(const LbpFeature&, const LbpFeature&) = default;
};

/// One question of a tree. Haar: left if the feature is below `threshold`; LBP: left if the pattern's bit is set in
/// `subset`. An answer above 0 is the next node of the tree, any other is the leaf with the negated number.
struct CascadeNode {
  std::int32_t feature = 0;
  float threshold = 0;
  std::array<std::uint32_t, 8> subset{};
  std::int32_t left = 0, right = -1;

  friend bool operator==(const CascadeNode&, const CascadeNode&) = default;
};

/// One boosted tree: nodes and leaves that follow one another in Cascade's lists. One node: a stump.
struct CascadeTree {
  std::int32_t first_node = 0, nodes = 1;
  std::int32_t first_leaf = 0;

  friend bool operator==(const CascadeTree&, const CascadeTree&) = default;
};

/// A window goes on to the next stage if the leaves of these trees sum up to `threshold` at least.
struct CascadeStage {
  float threshold = 0;
  std::int32_t first_tree = 0, trees = 0;

  friend bool operator==(const CascadeStage&, const CascadeStage&) = default;
};

/// What a cascade file holds. Source: Viola and Jones 2001, "Rapid object detection using a boosted cascade of simple
/// features"; OpenCV's file format `opencv-cascade-classifier`.
struct Cascade {
  enum class Kind : std::uint8_t { haar, lbp };

  Kind kind = Kind::haar;
  int width = 0, height = 0; ///< the window it was trained on
  std::vector<CascadeStage> stages;
  std::vector<CascadeTree> trees;
  std::vector<CascadeNode> nodes;
  std::vector<float> leaves;
  std::vector<HaarFeature> haar_features; ///< of Kind::haar
  std::vector<LbpFeature> lbp_features;   ///< of Kind::lbp

  friend bool operator==(const Cascade&, const Cascade&) = default;
};

} // namespace mien
