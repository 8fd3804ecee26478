// SPDX-License-Identifier: Apache-2.0
// What Winograd's kernels share: transforms in two dimensions, and where a tile lies. docs/derivations/winograd.md
// derives them.
#if defined(MIEN_LIB_KERNELS_WINOGRAD_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_WINOGRAD_INL_HPP
#undef MIEN_LIB_KERNELS_WINOGRAD_INL_HPP
#else
#define MIEN_LIB_KERNELS_WINOGRAD_INL_HPP
#endif

#include "lib/kernels/winograd_f2-inl.hpp"
#include "lib/kernels/winograd_f4-inl.hpp"
#include "mien/core/extents.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

/// In two dimensions: the transform T down every column of load(i, j), then along every row, to store(i, j, value).
template <class T, class Load, class Store> HWY_INLINE void both_ways(const Load& load, const Store& store) {
  V half[T::to][T::from];
  MIEN_UNROLL for (int j = 0; j < T::from; ++j) {
    V in[T::from], out[T::to];
    MIEN_UNROLL for (int i = 0; i < T::from; ++i) in[i] = load(i, j);
    T::apply(out, in);
    MIEN_UNROLL for (int i = 0; i < T::to; ++i) half[i][j] = out[i];
  }
  MIEN_UNROLL for (int i = 0; i < T::to; ++i) {
    V out[T::to];
    T::apply(out, half[i]);
    MIEN_UNROLL for (int j = 0; j < T::to; ++j) store(i, j, out[j]);
  }
}

/// A tile's place: its picture, and its first output.
struct TilePlace {
  std::int64_t n, p, q;
};

HWY_INLINE TilePlace place_of(std::int64_t tile, const WinogradExtents& e) {
  const auto within = tile % e.tiles_a_picture();
  return {tile / e.tiles_a_picture(), within / e.columns * e.m, within % e.columns * e.m};
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
