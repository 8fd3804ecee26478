// SPDX-License-Identifier: Apache-2.0
// The gradient of a filter: a block of sums over pixels, each a product of an input and a derivative.
//
// TAPS inputs times two vectors of output channels are summed at once over all pixels of a task, then
// added to what dw holds. The order of a sum does not depend on TAPS.
#if defined(MIEN_LIB_KERNELS_OUTER_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_OUTER_INL_HPP
#undef MIEN_LIB_KERNELS_OUTER_INL_HPP
#else
#define MIEN_LIB_KERNELS_OUTER_INL_HPP
#endif

#include "lib/kernels/tile-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

constexpr int most_taps_a_tile = most_pixels_a_tile;

/// What a tile computes: dw[tap][k] += sum over rows and pixels of x[row, pixel][tap] * dy[row, pixel][k].
struct OuterTask {
  float* dw;
  const float* x;
  const float* dy;
  std::int64_t dw_step;         // floats between taps of dw
  std::int64_t x_step, dy_step; // floats between pixels
  std::int64_t x_row, dy_row;   // floats between rows
  std::int64_t rows, pixels;
  std::int64_t columns; // output channels wanted: a panel, or fewer if Partial
};

template <int TAPS, bool Partial> HWY_INLINE void outer(const OuterTask& t) {
  V sum[TAPS][2];
  MIEN_UNROLL for (int tap = 0; tap < TAPS; ++tap) sum[tap][0] = sum[tap][1] = hn::Zero(d);
  for (std::int64_t row = 0; row < t.rows; ++row) {
    const float* x = t.x + row * t.x_row;
    const float* dy = t.dy + row * t.dy_row;
    for (std::int64_t pixel = 0; pixel < t.pixels; ++pixel, x += t.x_step, dy += t.dy_step) {
      const V dy0 = load<Partial>(dy, t.columns);
      const V dy1 = load<Partial>(dy + lanes, t.columns - lanes);
      MIEN_UNROLL for (int tap = 0; tap < TAPS; ++tap) {
        const V input = hn::Set(d, x[tap]);
        sum[tap][0] = hn::MulAdd(input, dy0, sum[tap][0]);
        sum[tap][1] = hn::MulAdd(input, dy1, sum[tap][1]);
      }
    }
  }
  MIEN_UNROLL for (int tap = 0; tap < TAPS; ++tap) {
    MIEN_UNROLL for (int v = 0; v < 2; ++v) {
      float* dw = t.dw + tap * t.dw_step + v * lanes;
      const auto left = t.columns - v * lanes;
      store<Partial>(hn::Add(load<Partial>(dw, left), sum[tap][v]), dw, left);
    }
  }
}

template <bool Partial, int TAPS = most_taps_a_tile> HWY_INLINE void outer_of(std::int64_t taps, const OuterTask& t) {
  if constexpr (TAPS > 0) {
    if (taps == TAPS) return outer<TAPS, Partial>(t);
    outer_of<Partial, TAPS - 1>(taps, t);
  }
}

/// All taps of one filter row and panel, a tile after the other.
HWY_NOINLINE void outer_run(OuterTask t, std::int64_t taps) {
  for (; taps > 0; taps -= most_taps_a_tile) {
    const auto now = smaller(taps, most_taps_a_tile);
    if (t.columns < panel) {
      outer_of<true>(now, t);
    } else {
      outer_of<false>(now, t);
    }
    t.x += now;
    t.dw += now * t.dw_step;
  }
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
