// SPDX-License-Identifier: Apache-2.0
#include "lib/vision/haar_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace mien {
namespace {

/// The sums at a corner count this often; the offset is from the sums at the window's top left corner.
struct Corner {
  std::int32_t offset;
  std::int32_t times;
};

using Corners = std::vector<Corner>;

/// A feature's corners: rectangles that share one make it count for both. Empty if a weight is no whole number.
Corners corners_of(const HaarFeature& feature, const SumsLayout& layout) {
  std::map<std::int32_t, std::int32_t> times;
  for (const auto& r : feature.rects) {
    if (r.weight == 0) continue;
    if (r.weight != std::nearbyint(r.weight) || std::abs(r.weight) > 1000) return {};
    const auto add = [&](int x, int y, int sign) {
      const auto kind = feature.tilted ? layout.tilted_sums() : 0;
      times[static_cast<std::int32_t>(y * layout.stride() + layout.column(x) + kind)] +=
          sign * static_cast<std::int32_t>(r.weight);
    };
    const int right_x = feature.tilted ? r.width : 0, left_x = feature.tilted ? r.height : 0;
    add(r.x, r.y, 1);
    add(r.x + r.width, r.y + right_x, -1);
    add(r.x - left_x, r.y + r.height, -1);
    add(r.x + r.width - left_x, r.y + right_x + r.height, 1);
  }
  Corners corners;
  for (const auto& [offset, count] : times) {
    if (count != 0) corners.push_back({offset, count});
  }
  return corners;
}

/// Puts the corners in the order in which one of HaarNode's forms counts them. False if it cannot.
bool put_in_order(HaarNode& node, Corners corners, std::vector<std::int32_t> form) {
  if (corners.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const auto found = std::ranges::find(corners, form[i], &Corner::times);
    if (found == corners.end()) return false;
    node.corners[i] = found->offset;
    found->times = 0; // taken
  }
  return true;
}

bool set_feature(HaarNode& node, const Corners& corners) {
  if (corners.size() == 6) {
    node.form = HaarNode::Form::halves;
    return put_in_order(node, corners, {1, 1, -1, -1, 2, -2});
  }
  const auto most = std::ranges::max(corners, {}, [](const Corner& c) { return std::abs(c.times); }).times;
  if (corners.size() == 8) {
    node.form = HaarNode::Form::nested;
    const auto w = node.weight = std::abs(most);
    return put_in_order(node, corners, {1, 1, -1, -1, w, w, -w, -w});
  }
  node.form = HaarNode::Form::quarters;
  const auto s = node.weight = most > 0 ? 1 : -1;
  return put_in_order(node, corners, {s, s, s, s, -2 * s, -2 * s, -2 * s, -2 * s, 4 * s});
}

/// Whether values of this feature are exact as floats: whole numbers below 2^24.
bool exact(const HaarFeature& feature) {
  double most = 0;
  for (const auto& r : feature.rects) {
    const double pixels = feature.tilted ? 2.0 * r.width * r.height : 1.0 * r.width * r.height;
    most += std::abs(double{r.weight}) * pixels * 255;
  }
  return most < 0x1p24;
}

/// The bounds between which a sum in single precision does not decide.
///
/// A stage adds at most two numbers a leaf, none of the partial sums above `magnitude`: each addition is off by
/// 2^-24 of that at most, as are, all together, the rounded gains and their sum. The sum in double precision, as OpenCV
/// forms it, is off by far less than the one more that is allowed for.
void set_bounds(HaarStage& stage, double additions, double magnitude) {
  const double error = (additions + 3) * magnitude * 0x1p-24;
  constexpr float infinity = std::numeric_limits<float>::infinity();
  stage.reject = std::nextafter(static_cast<float>(stage.threshold - error), -infinity);
  stage.pass = std::nextafter(static_cast<float>(stage.threshold + error), infinity);
}

} // namespace

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

  for (const auto& stage : cascade.stages) {
    HaarStage out{.threshold = double{stage.threshold}, .first_tree = stage.first_tree, .trees = stage.trees};
    out.first_node = static_cast<std::int32_t>(result.nodes_.size());
    double additions = 1, magnitude = 0, all_right = 0;
    for (std::int32_t t = 0; t < stage.trees; ++t) {
      const auto& tree = cascade.trees[static_cast<std::size_t>(stage.first_tree + t)];
      if (tree.nodes > HaarTable::most_nodes) return {};
      result.tree_nodes_.push_back(tree.nodes);
      for (std::int32_t n = 0; n < tree.nodes; ++n) {
        const auto& question = cascade.nodes[static_cast<std::size_t>(tree.first_node + n)];
        const auto& feature = cascade.haar_features[static_cast<std::size_t>(question.feature)];
        HaarNode node{.threshold = question.threshold};
        const auto corners = corners_of(feature, layout);
        if (corners.empty() || !exact(feature) || !set_feature(node, corners)) return {};
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
        all_right += double{node.right};
        magnitude += 2 * std::abs(double{node.right}) + std::abs(double{node.left});
        additions += 2;
        result.nodes_.push_back(node);
      }
    }
    if (table.stumps) {
      const auto first = result.nodes_.begin() + out.first_node;
      std::ranges::stable_sort(first, result.nodes_.end(), {}, &HaarNode::form);
      for (auto n = first; n != result.nodes_.end(); ++n) ++out.stumps[static_cast<std::size_t>(n->form)];
    }
    out.all_right = static_cast<float>(all_right);
    set_bounds(out, additions, magnitude);
    result.stages_.push_back(out);
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
