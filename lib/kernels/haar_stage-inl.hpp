// SPDX-License-Identifier: Apache-2.0
// One stage of a Haar cascade: for a vector of neighbouring windows, or exactly for one.
#if defined(MIEN_LIB_KERNELS_HAAR_STAGE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_HAAR_STAGE_INL_HPP
#undef MIEN_LIB_KERNELS_HAAR_STAGE_INL_HPP
#else
#define MIEN_LIB_KERNELS_HAAR_STAGE_INL_HPP
#endif

#include "lib/kernels/vector-inl.hpp"
#include "mien/core/haar_table.hpp"

#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

using Sums = hn::Rebind<std::uint32_t, D>;
using Values = hn::Rebind<std::int32_t, D>;
using Mask = hn::Mask<D>;
constexpr Sums sums_tag{};
constexpr Values values_tag{};

/// The numbers at the corners of one window's feature.
struct OneWindow {
  const std::uint32_t* at;

  HWY_INLINE std::uint32_t operator()(std::int32_t corner) const { return at[corner]; }
  HWY_INLINE static std::uint32_t number(std::int32_t n) { return static_cast<std::uint32_t>(n); }
};

/// Those of neighbouring windows, one a lane.
template <class Tag> struct Neighbours {
  const std::uint32_t* at;

  HWY_INLINE hn::Vec<Tag> operator()(std::int32_t corner) const { return hn::LoadU(Tag(), at + corner); }
  HWY_INLINE static hn::Vec<Tag> number(std::int32_t n) { return hn::Set(Tag(), static_cast<std::uint32_t>(n)); }
};

/// A vector of neighbouring windows.
using Block = Neighbours<Sums>;

/// A few neighbouring windows: what is left of a block is cut into these, and those with nothing left fall out.
constexpr std::int64_t unit = lanes < 4 ? lanes : 4;
using Unit = Neighbours<hn::CappedTag<std::uint32_t, unit>>;

/// As many units as make up a vector; `count` of them are there.
struct Units {
  const std::uint32_t* at[lanes / unit];
  std::int64_t count;
};

using Form = HaarNode::Form;

template <Form form, class Windows> HWY_INLINE auto value_of(const HaarNode& node, const Windows& windows) {
  const auto c = [&](std::size_t i) { return windows(node.corners[i]); };
  if constexpr (form == Form::quarters) {
    const auto ones = (c(0) + c(1)) + (c(2) + c(3)), twos = (c(4) + c(5)) + (c(6) + c(7)), four = c(8);
    const auto half = (four + four) - twos;
    return (ones + (half + half)) * Windows::number(node.weight);
  } else {
    const auto outer = (c(0) - c(2)) + (c(1) - c(3));
    if constexpr (form == Form::nested) {
      return outer + ((c(4) - c(6)) + (c(5) - c(7))) * Windows::number(node.weight);
    } else {
      const auto middle = c(4) - c(5);
      return outer + (middle + middle);
    }
  }
}

/// Calls f with the node's form as a constant.
template <class F> HWY_INLINE auto with_form(const HaarNode& node, const F& f) {
  if (node.form == Form::halves) return f(std::integral_constant<Form, Form::halves>());
  if (node.form == Form::nested) return f(std::integral_constant<Form, Form::nested>());
  return f(std::integral_constant<Form, Form::quarters>());
}

/// In which lanes the answer is left.
HWY_INLINE Mask goes_left(const HaarNode& node, hn::Vec<Values> value, V factor) {
  return hn::Lt(hn::Mul(hn::ConvertTo(d, value), factor), hn::Set(d, node.threshold));
}

template <Form form> HWY_INLINE hn::Vec<Values> values_of(const HaarNode& node, const Block& block) {
  return hn::BitCast(values_tag, value_of<form>(node, block));
}

template <Form form> HWY_INLINE void store_values(std::int32_t* values, const HaarNode& node, const Units& units) {
  for (std::int64_t u = 0; u < units.count; ++u) {
    const auto value = value_of<form>(node, Unit{units.at[u]});
    hn::Store(hn::BitCast(hn::CappedTag<std::int32_t, unit>(), value), hn::CappedTag<std::int32_t, unit>(),
              values + u * unit);
  }
}

template <Form form> HWY_INLINE hn::Vec<Values> values_of(const HaarNode& node, const Units& units) {
  HWY_ALIGN std::int32_t values[lanes];
  store_values<form>(values, node, units);
  return hn::Load(values_tag, values);
}

HWY_INLINE bool goes_left(const HaarNode& node, const OneWindow& window, float factor) {
  const auto value = with_form(node, [&](auto form) { return value_of<form()>(node, window); });
  return static_cast<float>(static_cast<std::int32_t>(value)) * factor < node.threshold;
}

/// Calls f(node, last, form) for the stumps of each form; the form is a constant.
template <class F> HWY_INLINE void for_each_form(const HaarTable& table, const HaarStage& stage, const F& f) {
  const auto* node = &table.nodes[static_cast<std::size_t>(stage.first_node)];
  const auto run = [&](auto form) {
    const auto count = stage.stumps[static_cast<std::size_t>(form())];
    f(node, node + count, form);
    node += count;
  };
  run(std::integral_constant<Form, Form::halves>());
  run(std::integral_constant<Form, Form::nested>());
  run(std::integral_constant<Form, Form::quarters>());
}

/// Adds what an answer to the left changes, where that is the answer.
HWY_INLINE V with_answer(V sum, const HaarNode& node, hn::Vec<Values> value, V factor) {
  return hn::IfThenElse(goes_left(node, value, factor), hn::Add(sum, hn::Set(d, node.gain)), sum);
}

/// The sum over stumps of neighbouring windows.
HWY_INLINE V sum_of_stumps(const HaarTable& table, const HaarStage& stage, const Block& block, V factor) {
  V sum = hn::Set(d, stage.all_right);
  for_each_form(table, stage, [&](const HaarNode* node, const HaarNode* last, auto form) {
    for (; node < last; ++node) {
      sum = with_answer(sum, *node, values_of<form()>(*node, block), factor);
    }
  });
  return sum;
}

/// The same for units, whose values are put together in memory: some are stored before the first is loaded as part of
/// a vector, which would have to wait for it.
HWY_INLINE V sum_of_stumps(const HaarTable& table, const HaarStage& stage, const Units& units, V factor) {
  constexpr std::int64_t ahead = 16;
  HWY_ALIGN std::int32_t values[ahead][lanes];
  V sum = hn::Set(d, stage.all_right);
  for_each_form(table, stage, [&](const HaarNode* node, const HaarNode* last, auto form) {
    for (; node < last; node += ahead) {
      const auto here = smaller(ahead, last - node);
      for (std::int64_t i = 0; i < here; ++i) store_values<form()>(values[i], node[i], units);
      for (std::int64_t i = 0; i < here; ++i) {
        sum = with_answer(sum, node[i], hn::Load(values_tag, values[i]), factor);
      }
    }
  });
  return sum;
}

/// A node is asked if any lane comes by, parents before their children.
template <class Windows>
HWY_INLINE V sum_of_trees(const HaarTable& table, const HaarStage& stage, const Windows& windows, V factor) {
  const auto* node = &table.nodes[static_cast<std::size_t>(stage.first_node)];
  V sum = hn::Zero(d);
  for (std::int32_t tree = 0; tree < stage.trees; ++tree) {
    const auto nodes = table.tree_nodes[static_cast<std::size_t>(stage.first_tree + tree)];
    V here[HaarTable::most_nodes]; // all bits set in the lanes that come by a node
    for (std::int32_t i = 0; i < nodes; ++i) here[i] = hn::Zero(d);
    here[0] = hn::VecFromMask(d, hn::Eq(sum, sum));
    for (std::int32_t i = 0; i < nodes; ++i, ++node) {
      const Mask comes = hn::MaskFromVec(here[i]);
      if (hn::AllFalse(d, comes)) continue;
      const auto value = with_form(*node, [&](auto form) { return values_of<form()>(*node, windows); });
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

/// The sum as it is defined, in double precision; there it is exact, whatever the order.
HWY_INLINE double exact_sum(const HaarTable& table, const HaarStage& stage, const OneWindow& window, float factor) {
  const auto* node = &table.nodes[static_cast<std::size_t>(stage.first_node)];
  double sum = 0;
  for (std::int32_t tree = 0; tree < stage.trees; ++tree) {
    for (std::int32_t next = 0;;) {
      const bool left = goes_left(node[next], window, factor);
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
