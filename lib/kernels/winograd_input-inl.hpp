// SPDX-License-Identifier: Apache-2.0
// The pictures' side of Winograd's convolution: V = B^T d B for every tile d of x, and the way back.
#if defined(MIEN_LIB_KERNELS_WINOGRAD_INPUT_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_WINOGRAD_INPUT_INL_HPP
#undef MIEN_LIB_KERNELS_WINOGRAD_INPUT_INL_HPP
#else
#define MIEN_LIB_KERNELS_WINOGRAD_INPUT_INL_HPP
#endif

#include "lib/kernels/winograd-inl.hpp"
#include "mien/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

/// A tile of inputs in its picture: h and w may be negative, and the tile may end beyond the picture.
struct InputTile {
  std::int64_t n, h, w;
  bool inside;

  [[nodiscard]] HWY_INLINE std::int64_t offset(const Conv2dExtents& e) const { return ((n * e.h + h) * e.w + w) * e.c; }
  [[nodiscard]] HWY_INLINE bool has(int i, int j, const Conv2dExtents& e) const {
    return h + i >= 0 && h + i < e.h && w + j >= 0 && w + j < e.w;
  }
};

HWY_INLINE InputTile input_tile(std::int64_t tile, const WinogradExtents& e) {
  const auto at = place_of(tile, e);
  const auto h = at.p - e.conv.pad_top, w = at.q - e.conv.pad_left;
  return {at.n, h, w, h >= 0 && w >= 0 && h + e.side() <= e.conv.h && w + e.side() <= e.conv.w};
}

/// One vector of channels of one tile. Whole: the tile lies inside the picture, and the vector inside the channels.
template <class F, bool Whole>
HWY_INLINE void transform_input(float* v, std::int64_t step, const float* x, const InputTile& tile,
                                const Conv2dExtents& e, std::int64_t channels) {
  both_ways<typename F::Input>(
      [&](int i, int j) HWY_ATTR -> V {
        if (!Whole && !tile.has(i, j, e)) return hn::Zero(d);
        return load<!Whole>(x + (i * e.w + j) * e.c, channels);
      },
      [&](int i, int j, V value) HWY_ATTR { store<!Whole>(value, v + (i * F::side + j) * step, channels); });
}

template <class F>
HWY_NOINLINE void winograd_input_by(float* v, const float* x, const WinogradExtents& e, const WinogradTiles& t) {
  const auto& conv = e.conv;
  for (std::int64_t i = 0; i < t.count; ++i, v += conv.c) {
    const auto tile = input_tile(t.first + i, e);
    const float* from = x + tile.offset(conv);
    std::int64_t c = 0;
    if (tile.inside)
      for (; c + lanes <= conv.c; c += lanes) transform_input<F, true>(v + c, t.step, from + c, tile, conv, lanes);
    for (; c < conv.c; c += lanes) transform_input<F, false>(v + c, t.step, from + c, tile, conv, conv.c - c);
  }
}

void winograd_input(float* v, const float* x, const WinogradExtents& e, const WinogradTiles& t) noexcept {
  e.m == 2 ? winograd_input_by<F2>(v, x, e, t) : winograd_input_by<F4>(v, x, e, t);
}

/// One vector of channels of one tile, added to what neighbours have left: those above and to the left come first, and
/// share two rows or columns with this tile. A pixel that none of them has is set.
template <class F, bool Whole>
HWY_INLINE void spread_gradient(float* dx, const float* v, std::int64_t step, const InputTile& tile, bool above,
                                bool left, const Conv2dExtents& e, std::int64_t channels) {
  both_ways<typename F::InputAdjoint>([&](int i, int j)
                                          HWY_ATTR { return load<!Whole>(v + (i * F::side + j) * step, channels); },
                                      [&](int i, int j, V value) HWY_ATTR {
                                        if (!Whole && !tile.has(i, j, e)) return;
                                        float* to = dx + (i * e.w + j) * e.c;
                                        if ((above && i < 2) || (left && j < 2))
                                          value = hn::Add(value, load<!Whole>(to, channels));
                                        store<!Whole>(value, to, channels);
                                      });
}

template <class F>
HWY_NOINLINE void winograd_input_adjoint_by(float* dx, const float* v, const WinogradExtents& e, const WinogradTiles& t,
                                            std::int64_t c0, std::int64_t c1) {
  const auto& conv = e.conv;
  for (std::int64_t i = 0; i < t.count; ++i, v += conv.c) {
    const auto tile = input_tile(t.first + i, e);
    const bool above = tile.h > -conv.pad_top, left = tile.w > -conv.pad_left;
    float* to = dx + tile.offset(conv);
    auto c = c0;
    if (tile.inside)
      for (; c + lanes <= c1; c += lanes)
        spread_gradient<F, true>(to + c, v + c, t.step, tile, above, left, conv, lanes);
    for (; c < c1; c += lanes) spread_gradient<F, false>(to + c, v + c, t.step, tile, above, left, conv, c1 - c);
  }
}

void winograd_input_adjoint(float* dx, const float* v, const WinogradExtents& e, const WinogradTiles& t,
                            std::int64_t c0, std::int64_t c1) noexcept {
  e.m == 2 ? winograd_input_adjoint_by<F2>(dx, v, e, t, c0, c1) : winograd_input_adjoint_by<F4>(dx, v, e, t, c0, c1);
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
