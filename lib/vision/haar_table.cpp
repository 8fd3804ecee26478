// SPDX-License-Identifier: Apache-2.0
#include "lib/vision/haar_table.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <span>

namespace mien {
namespace {

/// The sums at a corner count this often; the offset is from the sums at the window's top left corner.
struct Corner {
  std::int32_t offset;
  std::int32_t times;
};

/// The corners of up to three rectangles.
struct Corners {
  std::array<Corner, 12> list{};
  std::size_t count = 0;

  void add(std::ptrdiff_t offset, std::int32_t times) {
    const auto end = list.begin() + static_cast<std::ptrdiff_t>(count);
    const auto same = std::find_if(list.begin(), end, [&](const Corner& c) { return c.offset == offset; });
    if (same == end) ++count;
    *same = {static_cast<std::int32_t>(offset), times + (same == end ? 0 : same->times)};
  }
};

/// A feature's corners: rectangles that share one make it count for both. None if a weight is no whole number.
Corners corners_of(const HaarFeature& feature, const SumsLayout& layout) {
  Corners corners;
  for (const auto& r : feature.rects) {
    if (r.weight == 0) continue;
    if (r.weight != std::nearbyint(r.weight) || std::abs(r.weight) > 1000) return {};
    const auto weight = static_cast<std::int32_t>(r.weight);
    const auto add = [&](int x, int y, std::int32_t times) {
      corners.add(y * layout.stride() + layout.column(x) + (feature.tilted ? layout.tilted_sums() : 0), times);
    };
    const int down = feature.tilted ? r.width : 0, back = feature.tilted ? r.height : 0;
    add(r.x, r.y, weight);
    add(r.x + r.width, r.y + down, -weight);
    add(r.x - back, r.y + r.height, -weight);
    add(r.x + r.width - back, r.y + down + r.height, weight);
  }
  const auto kept =
      std::remove_if(corners.list.begin(), corners.list.begin() + static_cast<std::ptrdiff_t>(corners.count),
                     [](const Corner& c) { return c.times == 0; });
  corners.count = static_cast<std::size_t>(kept - corners.list.begin());
  return corners;
}

/// Puts the corners in the order in which one of HaarNode's forms counts them. False if it cannot.
bool put_in_order(HaarNode& node, Corners corners, std::initializer_list<std::int32_t> form) {
  if (corners.count != form.size()) return false;
  std::size_t at = 0;
  for (const auto times : form) {
    auto* const end = corners.list.data() + corners.count;
    auto* const found = std::find_if(corners.list.data(), end, [&](const Corner& c) { return c.times == times; });
    if (found == end) return false;
    node.corners[at++] = found->offset;
    found->times = 0; // taken
  }
  return true;
}

bool set_feature(HaarNode& node, const Corners& corners) {
  if (corners.count == 6) {
    node.form = HaarNode::Form::halves;
    return put_in_order(node, corners, {1, 1, -1, -1, 2, -2});
  }
  std::int32_t most = 0;
  for (const auto& c : std::span(corners.list).first(corners.count)) {
    most = std::abs(c.times) > std::abs(most) ? c.times : most;
  }
  if (corners.count == 8) {
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
        if (!exact(feature) || !set_feature(node, corners)) return {};
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
