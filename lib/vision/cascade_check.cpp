// SPDX-License-Identifier: Apache-2.0
#include "lib/vision/cascade_check.hpp"

#include "mien/core/error.hpp"

#include <cmath>
#include <string>

namespace mien {
namespace {

class Check {
public:
  Check(const Cascade& cascade, std::string_view name) : cascade_(cascade), name_(name) {}

  void all() const {
    // Sums over larger windows would not fit the numbers they are computed in.
    if (cascade_.width < 3 || cascade_.width > 256 || cascade_.height < 3 || cascade_.height > 256)
      fail("the window", concat("has ", cascade_.width, "x", cascade_.height, " pixels instead of 3x3 to 256x256"));
    if (cascade_.stages.empty()) fail("the cascade", "has no stage");
    stages();
    trees();
    for (std::size_t f = 0; f < cascade_.haar_features.size(); ++f) haar(cascade_.haar_features[f], f);
    for (std::size_t f = 0; f < cascade_.lbp_features.size(); ++f) lbp(cascade_.lbp_features[f], f);
  }

private:
  [[noreturn]] void fail(const std::string& where, const std::string& what) const {
    throw Error(concat(name_, ": ", where, " ", what, "; the cascade is damaged, copy or download it again"));
  }
  [[nodiscard]] std::size_t features() const {
    return cascade_.kind == Cascade::Kind::haar ? cascade_.haar_features.size() : cascade_.lbp_features.size();
  }

  void stages() const {
    std::size_t trees = 0;
    for (std::size_t s = 0; s < cascade_.stages.size(); ++s) {
      const auto& stage = cascade_.stages[s];
      if (stage.trees < 1) fail(concat("stage ", s), "has no tree");
      if (stage.first_tree != static_cast<std::int64_t>(trees)) fail(concat("stage ", s), "does not follow the last");
      if (!std::isfinite(stage.threshold)) fail(concat("stage ", s), "has a threshold that is no number");
      trees += static_cast<std::size_t>(stage.trees);
    }
    if (trees != cascade_.trees.size())
      fail("the cascade", concat("has ", cascade_.trees.size(), " trees, its stages ", trees));
  }

  /// A tree of n questions has n + 1 answers.
  void trees() const {
    std::size_t nodes = 0, leaves = 0;
    for (std::size_t t = 0; t < cascade_.trees.size(); ++t) {
      const auto& tree = cascade_.trees[t];
      if (tree.nodes < 1) fail(concat("tree ", t), "has no node");
      if (tree.first_node != static_cast<std::int64_t>(nodes) || tree.first_leaf != static_cast<std::int64_t>(leaves))
        fail(concat("tree ", t), "has other than one leaf more than nodes");
      nodes += static_cast<std::size_t>(tree.nodes);
      leaves += static_cast<std::size_t>(tree.nodes) + 1;
      if (nodes > cascade_.nodes.size() || leaves > cascade_.leaves.size())
        fail(concat("tree ", t), "ends before its last node or leaf");
      for (std::int32_t n = 0; n < tree.nodes; ++n) node(t, n, tree.nodes);
    }
    if (nodes != cascade_.nodes.size() || leaves != cascade_.leaves.size())
      fail("the cascade", "has nodes or leaves that belong to no tree");
    for (const float leaf : cascade_.leaves)
      if (!std::isfinite(leaf)) fail("a leaf", "is no number");
  }

  /// A question leads on to a later one only, so that a walk ends.
  void node(std::size_t tree, std::int32_t n, std::int32_t nodes) const {
    const auto& node = cascade_.nodes[static_cast<std::size_t>(cascade_.trees[tree].first_node + n)];
    const auto where = [&] { return concat("node ", n, " of tree ", tree); };
    if (node.feature < 0 || static_cast<std::size_t>(node.feature) >= features())
      fail(where(), concat("asks for feature ", node.feature, " of ", features()));
    for (const auto next : {node.left, node.right})
      if (next < -nodes || next >= nodes || (next > 0 && next <= n))
        fail(where(), concat("goes on at ", next, ", which is no later node and no leaf"));
    if (!std::isfinite(node.threshold)) fail(where(), "has a threshold that is no number");
  }

  void haar(const HaarFeature& feature, std::size_t f) const {
    for (const auto& r : feature.rects) {
      const bool inside = feature.tilted ? tilted_inside(r) : upright_inside(r.x, r.y, r.width, r.height);
      if (!inside) fail(concat("feature ", f), "reaches out of the window");
      if (!(std::abs(r.weight) <= 1e6f)) fail(concat("feature ", f), "has a weight that is no number up to a million");
    }
  }
  void lbp(const LbpFeature& r, std::size_t f) const {
    // The cells are measured before they are tripled: three times a large number would not fit.
    if (!upright_inside(r.x, r.y, r.width, r.height) || !upright_inside(r.x, r.y, 3 * r.width, 3 * r.height))
      fail(concat("feature ", f), "reaches out of the window");
  }
  [[nodiscard]] bool upright_inside(int x, int y, int width, int height) const {
    return x >= 0 && y >= 0 && width >= 0 && height >= 0 && x <= cascade_.width && y <= cascade_.height &&
           width <= cascade_.width - x && height <= cascade_.height - y;
  }
  [[nodiscard]] bool tilted_inside(const FeatureRect& r) const {
    return upright_inside(r.x, r.y, r.width, 0) && upright_inside(r.x, r.y, 0, r.height) && r.height <= r.x &&
           r.width + r.height <= cascade_.height - r.y;
  }

  const Cascade& cascade_;
  std::string_view name_;
};

} // namespace

void expect_sound(const Cascade& cascade, std::string_view name) { Check(cascade, name).all(); }

} // namespace mien
