// SPDX-License-Identifier: Apache-2.0
// One stage of a Haar cascade: what its leaves sum up to, for a vector of windows in single precision or exactly for
// one.
#if defined(MIEN_LIB_KERNELS_HAAR_STAGE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_HAAR_STAGE_INL_HPP
#undef MIEN_LIB_KERNELS_HAAR_STAGE_INL_HPP
#else
#define MIEN_LIB_KERNELS_HAAR_STAGE_INL_HPP
#endif

#include "lib/kernels/haar_values-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

using Mask = hn::Mask<D>;

/// In which lanes the answer is left.
HWY_INLINE Mask goes_left(const HaarNode& node, hn::Vec<Values> value, V factor) {
  return hn::Lt(hn::Mul(hn::ConvertTo(d, value), factor), hn::Set(d, node.threshold));
}

/// Adds what an answer to the left changes, where that is the answer.
HWY_INLINE V with_answer(V sum, const HaarNode& node, hn::Vec<Values> value, V factor) {
  return hn::IfThenElse(goes_left(node, value, factor), hn::Add(sum, hn::Set(d, node.gain)), sum);
}

/// One node a tree. Sums and factors are those of the units' windows, in whole vectors. Some values are stored before
/// the first is loaded as part of a vector, which would have to wait for it.
// A function of its own: what it calls is only inlined where there is one copy of it.
HWY_NOINLINE void sums_of_stumps(float* sums, const HaarNode* nodes, const HaarStage& stage, const Units& units,
                                 const float* factors) {
  constexpr std::int64_t ahead = 8;
  HWY_ALIGN std::int32_t values[ahead][units_together * unit];
  const auto windows = units.count * unit;
  for (std::int64_t w = 0; w < windows; w += lanes) hn::Store(hn::Set(d, stage.all_right), d, sums + w);
  for_each_way(nodes, stage, [&](const HaarNode* node, const HaarNode* last, auto way) {
    for (; node < last; node += ahead) {
      const auto here = smaller(ahead, last - node);
      for (std::int64_t i = 0; i < here; ++i) units.store(values[i], way, node[i]);
      for (std::int64_t w = 0; w < windows; w += lanes) {
        V sum = hn::Load(d, sums + w);
        const V factor = hn::Load(d, factors + w);
        for (std::int64_t i = 0; i < here; ++i) {
          sum = with_answer(sum, node[i], hn::Load(Values(), values[i] + w), factor);
        }
        hn::Store(sum, d, sums + w);
      }
    }
  });
}

/// The sum over trees for one vector of windows. A node is asked if any lane comes by, parents before their children.
HWY_INLINE V sum_of_trees(const HaarNode* node, const HaarTable& table, const HaarStage& stage, const Units& units,
                          V factor) {
  V sum = hn::Zero(d);
  for (std::int32_t tree = 0; tree < stage.trees; ++tree) {
    const auto nodes = table.tree_nodes[static_cast<std::size_t>(stage.first_tree + tree)];
    V here[HaarTable::most_nodes]; // all bits set in the lanes that come by a node
    for (std::int32_t i = 0; i < nodes; ++i) here[i] = hn::Zero(d);
    here[0] = hn::VecFromMask(d, hn::Eq(sum, sum));
    for (std::int32_t i = 0; i < nodes; ++i, ++node) {
      const Mask comes = hn::MaskFromVec(here[i]);
      if (hn::AllFalse(d, comes)) continue;
      const auto value = with_way(*node, [&](auto way) { return units.values(way, *node); });
      const Mask left = goes_left(*node, value, factor);
      const auto go = [&](Mask lanes_going, std::int16_t next, float leaf) {
        if (next == 0) {
          sum = hn::Add(sum, hn::IfThenElseZero(lanes_going, hn::Set(d, leaf)));
        } else {
          here[next] = hn::Or(here[next], hn::VecFromMask(d, lanes_going));
        }
      };
      go(hn::And(comes, left), node->next[0], node->left);
      go(hn::AndNot(left, comes), node->next[1], node->right);
    }
  }
  return sum;
}

/// What the leaves sum up to for the windows of some units.
HWY_INLINE void stage_sums(float* sums, const HaarTable& table, const HaarStage& stage, const Units& units,
                           const float* factors) {
  const auto* nodes = &table.nodes[static_cast<std::size_t>(stage.first_node)];
  if (table.stumps) return sums_of_stumps(sums, nodes, stage, units, factors);
  constexpr auto in_vector = lanes / unit;
  for (std::int64_t u = 0; u < units.count; u += in_vector) {
    const Units some{units.corners + u, smaller(in_vector, units.count - u)};
    hn::Store(sum_of_trees(nodes, table, stage, some, hn::Load(d, factors + u * unit)), d, sums + u * unit);
  }
}

/// One window's sum as it is defined, in double precision; there it is exact, whatever the order.
HWY_INLINE double exact_sum(const HaarTable& table, const HaarStage& stage, const Corner& corner, float factor) {
  const auto* node = &table.nodes[static_cast<std::size_t>(stage.first_node)];
  double sum = 0;
  for (std::int32_t tree = 0; tree < stage.trees; ++tree) {
    for (std::int32_t next = 0;;) {
      const auto value = with_way(node[next], [&](auto way) { return value_of(way, node[next], corner); });
      const bool left = static_cast<float>(value) * factor < node[next].threshold;
      const float leaf = left ? node[next].left : node[next].right;
      next = node[next].next[left ? 0 : 1];
      if (next == 0) {
        sum += static_cast<double>(leaf);
        break;
      }
    }
    node += table.stumps ? 1 : table.tree_nodes[static_cast<std::size_t>(stage.first_tree + tree)];
  }
  return sum;
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
