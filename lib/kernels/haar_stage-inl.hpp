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
  HWY_ALIGN UnitRow values[ahead];
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

/// The leaves that a vector of windows reaches in one tree: from the last node up, as parents come before their
/// children.
HWY_INLINE V leaves_of(const HaarNode* tree, std::int32_t nodes, const UnitRow* values, std::int64_t w, V factor) {
  V reached[HaarTable::most_nodes];
  for (std::int32_t i = nodes - 1; i >= 0; --i) {
    const auto& node = tree[i];
    const Mask left = goes_left(node, hn::Load(Values(), values[i] + w), factor);
    reached[i] = hn::IfThenElse(left, hn::Set(d, node.left), hn::Set(d, node.right));
    if (node.next[0] != 0) reached[i] = hn::IfThenElse(left, reached[node.next[0]], reached[i]);
    if (node.next[1] != 0) reached[i] = hn::IfThenElse(left, reached[i], reached[node.next[1]]);
  }
  return reached[0];
}

/// The same sums over trees: as many as fit into `values` at a time.
HWY_NOINLINE void sums_of_trees(float* sums, const HaarNode* node, const HaarTable& table, const HaarStage& stage,
                                const Units& units, const float* factors) {
  constexpr std::int32_t ahead = 2 * HaarTable::most_nodes;
  HWY_ALIGN UnitRow values[ahead];
  const auto windows = units.count * unit;
  for (std::int64_t w = 0; w < windows; w += lanes) hn::Store(hn::Zero(d), d, sums + w);
  const auto* const nodes_of = &table.tree_nodes[static_cast<std::size_t>(stage.first_tree)];
  for (std::int32_t tree = 0, end = 0; tree < stage.trees; tree = end) {
    std::int32_t here = 0;
    for (; end < stage.trees && here + nodes_of[end] <= ahead; ++end) here += nodes_of[end];
    for (std::int32_t i = 0; i < here; ++i) {
      with_way(node[i], [&](auto way) { units.store(values[i], way, node[i]); });
    }
    for (std::int32_t t = tree, i = 0; t < end; i += nodes_of[t++]) {
      for (std::int64_t w = 0; w < windows; w += lanes) {
        const V leaves = leaves_of(node + i, nodes_of[t], values + i, w, hn::Load(d, factors + w));
        hn::Store(hn::Add(hn::Load(d, sums + w), leaves), d, sums + w);
      }
    }
    node += here;
  }
}

/// What the leaves sum up to for the windows of some units.
HWY_INLINE void stage_sums(float* sums, const HaarTable& table, const HaarStage& stage, const Units& units,
                           const float* factors) {
  const auto* nodes = &table.nodes[static_cast<std::size_t>(stage.first_node)];
  if (table.stumps) {
    sums_of_stumps(sums, nodes, stage, units, factors);
  } else {
    sums_of_trees(sums, nodes, table, stage, units, factors);
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
