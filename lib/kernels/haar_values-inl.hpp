// SPDX-License-Identifier: Apache-2.0
// The values of Haar features: of one window, and of neighbouring ones.
#if defined(MIEN_LIB_KERNELS_HAAR_VALUES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_HAAR_VALUES_INL_HPP
#undef MIEN_LIB_KERNELS_HAAR_VALUES_INL_HPP
#else
#define MIEN_LIB_KERNELS_HAAR_VALUES_INL_HPP
#endif

#include "lib/kernels/vector-inl.hpp"
#include "mien/core/haar_table.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

using Form = HaarNode::Form;
using Values = hn::Rebind<std::int32_t, D>;

/// So many neighbouring windows are a unit: they stay together until none of them is left.
constexpr std::int64_t unit = lanes < 8 ? lanes : 8;
using UnitValues = hn::CappedTag<std::int32_t, unit>;

/// The sums at a window's top left corner; the next window's lie behind.
struct Corner {
  const std::uint32_t* wide;
  const std::uint16_t* narrow;

  HWY_INLINE Corner operator+(std::int64_t windows) const { return {wide + windows, narrow + windows}; }
};

/// The numbers at the corners of one window's feature.
template <class T> struct OneWindow {
  const T* at;

  HWY_INLINE std::uint32_t operator()(std::int32_t corner) const { return at[corner]; }
  HWY_INLINE static std::uint32_t number(int n) { return static_cast<std::uint32_t>(n); }
};

/// Those of neighbouring windows, one a lane.
template <class Tag> struct Neighbours {
  const hn::TFromD<Tag>* at;

  HWY_INLINE hn::Vec<Tag> operator()(std::int32_t corner) const { return hn::LoadU(Tag(), at + corner); }
  HWY_INLINE static hn::Vec<Tag> number(int n) { return hn::Set(Tag(), static_cast<hn::TFromD<Tag>>(n)); }
};

template <Form form, class Windows> HWY_INLINE auto corner_sum(const HaarNode& node, const Windows& windows) {
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

/// How a node's value is computed, as a type.
template <Form f, bool n> struct Way {
  static constexpr auto form = f;
  static constexpr auto narrow = n;
};

/// One window's value.
template <class W> HWY_INLINE std::int32_t value_of(W, const HaarNode& node, const Corner& corner) {
  if constexpr (W::narrow) {
    return static_cast<std::int16_t>(corner_sum<W::form>(node, OneWindow<std::uint16_t>{corner.narrow}));
  } else {
    return static_cast<std::int32_t>(corner_sum<W::form>(node, OneWindow<std::uint32_t>{corner.wide}));
  }
}

/// The values of a unit.
template <class W> HWY_INLINE hn::Vec<UnitValues> values_of(W, const HaarNode& node, const Corner& corner) {
  if constexpr (W::narrow) {
    const auto sum = corner_sum<W::form>(node, Neighbours<hn::Rebind<std::uint16_t, UnitValues>>{corner.narrow});
    return hn::PromoteTo(UnitValues(), hn::BitCast(hn::Rebind<std::int16_t, UnitValues>(), sum));
  } else {
    const auto sum = corner_sum<W::form>(node, Neighbours<hn::Rebind<std::uint32_t, UnitValues>>{corner.wide});
    return hn::BitCast(UnitValues(), sum);
  }
}

/// Units that are evaluated together: where a node's corners are is looked up once for all of them.
constexpr std::int64_t units_together = 8;

/// The values of a node, one a window.
using UnitRow = std::int32_t[units_together * unit];

/// Up to `units_together` units; their values are put together in memory.
struct Units {
  const Corner* corners;
  std::int64_t count;

  template <class W> HWY_INLINE void store(std::int32_t* values, W way, const HaarNode& node) const {
    for (std::int64_t u = 0; u < count; ++u) {
      hn::Store(values_of(way, node, corners[u]), UnitValues(), values + u * unit);
    }
  }
};

/// Calls f with the node's way.
template <class F> HWY_INLINE auto with_way(const HaarNode& node, const F& f) {
  const bool narrow = node.narrow;
  if (node.form == Form::halves) return narrow ? f(Way<Form::halves, true>()) : f(Way<Form::halves, false>());
  if (node.form == Form::nested) return narrow ? f(Way<Form::nested, true>()) : f(Way<Form::nested, false>());
  return narrow ? f(Way<Form::quarters, true>()) : f(Way<Form::quarters, false>());
}

/// Calls f(node, last, way) for the stumps of each way, in HaarStage's order.
template <class F> HWY_INLINE void for_each_way(const HaarNode* node, const HaarStage& stage, const F& f) {
  const auto run = [&](std::size_t i, auto way) {
    f(node, node + stage.stumps[i], way);
    node += stage.stumps[i];
  };
  run(0, Way<Form::halves, true>());
  run(1, Way<Form::nested, true>());
  run(2, Way<Form::quarters, true>());
  run(3, Way<Form::halves, false>());
  run(4, Way<Form::nested, false>());
  run(5, Way<Form::quarters, false>());
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
