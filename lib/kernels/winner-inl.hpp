// SPDX-License-Identifier: Apache-2.0
// Max pooling of 2x2 in registers: the largest of four, and which it was, a byte each.
#if defined(MIEN_LIB_KERNELS_WINNER_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_WINNER_INL_HPP
#undef MIEN_LIB_KERNELS_WINNER_INL_HPP
#else
#define MIEN_LIB_KERNELS_WINNER_INL_HPP
#endif

#include "lib/kernels/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

using DW = hn::RebindToSigned<D>;
using W = hn::Vec<DW>;
using DB = hn::Rebind<std::uint8_t, D>;
constexpr DW dw_{};
constexpr DB db_{};

struct Largest {
  V value;
  W winner; ///< 0 to 3
};

/// The first that no other exceeds, as max_pool_forward and max_pool_backward have it.
HWY_INLINE Largest largest_of_four(V a, V b, V c, V e) {
  Largest best{a, hn::Zero(dw_)};
  const V values[] = {b, c, e};
  MIEN_UNROLL for (int i = 0; i < 3; ++i) {
    const auto better = hn::Gt(values[i], best.value);
    best.value = hn::IfThenElse(better, values[i], best.value);
    best.winner = hn::IfThenElse(hn::RebindMask(dw_, better), hn::Set(dw_, i + 1), best.winner);
  }
  return best;
}

template <bool Partial> HWY_INLINE void store_winners(W winner, std::uint8_t* to, std::int64_t n) {
  const auto bytes = hn::DemoteTo(db_, winner);
  if constexpr (!Partial) return hn::StoreU(bytes, db_, to);
  HWY_ALIGN std::uint8_t buffer[lanes];
  hn::Store(bytes, db_, buffer);
  for (std::int64_t i = 0; i < n; ++i) to[i] = buffer[i];
}

template <bool Partial> HWY_INLINE W load_winners(const std::uint8_t* from, std::int64_t n) {
  if constexpr (!Partial) return hn::PromoteTo(dw_, hn::LoadU(db_, from));
  HWY_ALIGN std::uint8_t buffer[lanes] = {};
  for (std::int64_t i = 0; i < n; ++i) buffer[i] = from[i];
  return hn::PromoteTo(dw_, hn::Load(db_, buffer));
}

/// Where the winner was number i.
HWY_INLINE V where_it_won(W winner, int i, V value) {
  return hn::IfThenElseZero(hn::RebindMask(d, hn::Eq(winner, hn::Set(dw_, i))), value);
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
