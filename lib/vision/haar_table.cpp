// SPDX-License-Identifier: Apache-2.0
#include "lib/vision/haar_table.hpp"

#include "lib/vision/haar_feature.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mien {
namespace {

/// Where HaarStage counts a stump: narrow ones first, by form.
std::size_t place_of(const HaarNode& node) { return static_cast<std::size_t>(node.form) + (node.narrow ? 0 : 3); }

/// What the leaves of a stage may sum up to.
struct LeafSums {
  double magnitude = 0;                                       ///< no sum of some leaves is larger
  double least_bit = std::numeric_limits<double>::infinity(); ///< every leaf is a multiple
  int leaves = 0;

  void add(float leaf) {
    ++leaves;
    magnitude += std::abs(double{leaf});
    int exponent = 0;
    std::frexp(leaf, &exponent);
    if (leaf != 0) least_bit = std::min(least_bit, std::ldexp(1.0, exponent - 24));
  }
  /// Whether sums in double precision are exact, so that their order does not matter.
  [[nodiscard]] bool exact() const { return magnitude < 0x1p53 * least_bit; }
};

/// The bounds between which a sum in single precision does not decide.
///
/// A stage adds one number a leaf at most, and each partial sum, of right leaves and gains, is below 3 * magnitude: an
/// addition is off by 2^-24 of that at most; so are, all together, the rounded gains, and the sum they are added to.
void set_bounds(HaarStage& stage, const LeafSums& sums) {
  const double error = (sums.leaves + 2) * 3 * sums.magnitude * 0x1p-24;
  constexpr float infinity = std::numeric_limits<float>::infinity();
  stage.reject = std::nextafter(static_cast<float>(stage.threshold - error), -infinity);
  stage.pass = std::nextafter(static_cast<float>(stage.threshold + error), infinity);
}

/// A question, but for its feature.
void set_answers(HaarNode& node, const Cascade& cascade, const CascadeTree& tree, const CascadeNode& question) {
  node.threshold = question.threshold;
  const auto follow = [&](std::int32_t answer, std::int16_t& next, float& leaf) {
    if (answer > 0) {
      next = static_cast<std::int16_t>(answer);
    } else {
      leaf = cascade.leaves[static_cast<std::size_t>(tree.first_leaf - answer)];
    }
  };
  follow(question.left, node.next[0], node.left);
  follow(question.right, node.next[1], node.right);
  node.gain = node.left - node.right;
}

} // namespace

bool HaarTables::add_stage(const Cascade& cascade, const CascadeStage& stage, const SumsLayout& layout) {
  HaarStage out{.threshold = double{stage.threshold}, .first_tree = stage.first_tree, .trees = stage.trees};
  out.first_node = static_cast<std::int32_t>(nodes_.size());
  LeafSums sums;
  double all_right = 0;
  for (std::int32_t t = stage.first_tree; t < stage.first_tree + stage.trees; ++t) {
    const auto& tree = cascade.trees[static_cast<std::size_t>(t)];
    if (tree.nodes > HaarTable::most_nodes) return false;
    tree_nodes_.push_back(tree.nodes);
    for (std::int32_t n = 0; n < tree.nodes; ++n) {
      const auto& question = cascade.nodes[static_cast<std::size_t>(tree.first_node + n)];
      auto& node = nodes_.emplace_back();
      set_answers(node, cascade, tree, question);
      const auto& feature = cascade.haar_features[static_cast<std::size_t>(question.feature)];
      if (!set_feature(node, feature, layout)) return false;
      all_right += double{node.right};
      for (const float leaf : {node.left, node.right}) sums.add(leaf);
    }
  }
  if (!sums.exact()) return false;
  if (table_.stumps) {
    const auto first = nodes_.begin() + out.first_node;
    std::sort(first, nodes_.end(), [](const HaarNode& a, const HaarNode& b) { return place_of(a) < place_of(b); });
    for (auto node = first; node != nodes_.end(); ++node) ++out.stumps[place_of(*node)];
  }
  out.all_right = static_cast<float>(all_right);
  set_bounds(out, sums);
  stages_.push_back(out);
  return true;
}

std::optional<HaarTables> HaarTables::of(const Cascade& cascade, const SumsLayout& layout) {
  const int width = cascade.width - 2, height = cascade.height - 2;
  const bool fits = width * height * 255 * 255.0 < 0x1p31; // the sums of squares
  if (cascade.kind != Cascade::Kind::haar || !fits) return {};

  HaarTables result;
  auto& table = result.table_;
  const auto inner = [&](int x, int y) { return static_cast<std::int32_t>(y * layout.stride() + layout.column(x)); };
  table.inner = {inner(1, 1), inner(1 + width, 1), inner(1, 1 + height), inner(1 + width, 1 + height)};
  table.squares = static_cast<std::int32_t>(layout.squares());
  table.area = width * height;
  table.stumps = std::ranges::all_of(cascade.trees, [](const CascadeTree& tree) { return tree.nodes == 1; });
  result.nodes_.reserve(cascade.nodes.size());
  for (const auto& stage : cascade.stages) {
    if (!result.add_stage(cascade, stage, layout)) return {};
  }
  return result;
}

HaarTable HaarTables::view() const noexcept {
  HaarTable view = table_;
  view.stages = stages_;
  view.nodes = nodes_;
  view.tree_nodes = tree_nodes_;
  return view;
}

} // namespace mien
