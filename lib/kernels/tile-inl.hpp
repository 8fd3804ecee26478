// SPDX-License-Identifier: Apache-2.0
// The heart of convolution and dense layers: a block of sums that lives in registers.
//
// PX output pixels times KV vectors of output channels are summed at once: each vector of weights is
// loaded once for PX pixels, each input is broadcast once for KV vectors. A sum runs over filter rows,
// then taps, one fused multiply-add after the other, whatever PX and KV are: so an output has the
// same bits in whichever tile it falls.
// No include guard beside Highway's toggle: this text is compiled once for each target.
#if defined(MIEN_LIB_KERNELS_TILE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_TILE_INL_HPP
#undef MIEN_LIB_KERNELS_TILE_INL_HPP
#else
#define MIEN_LIB_KERNELS_TILE_INL_HPP
#endif

#include "lib/kernels/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

// With 32 registers: 24 sums, 2 weights, 1 input. With 16: 12, 2 and 1.
constexpr int most_pixels_a_tile = HWY_TARGET == HWY_AVX3 ? 12 : 6;
constexpr std::int64_t panel = 2 * lanes;

/// What a tile computes: y[px][k] = b[k] + sum over rows and taps of x[px] * w[k].
struct TileTask {
  float* y;
  const float* x;
  const float* w;
  const float* b;                      // or null
  std::int64_t y_step, x_step, w_step; // floats between pixels of y, pixels of x, taps of w
  std::int64_t x_row, w_row;           // floats between filter rows
  std::int64_t rows, taps;
  std::int64_t columns; // output channels wanted: KV * lanes, or fewer if Partial
  bool relu;
  bool goes_on = false; // the sums begin with what y holds, not with b
};

template <int PX, int KV, bool Partial> HWY_INLINE void tile(const TileTask& t) {
  V sum[PX][KV];
  const float* start = t.goes_on ? t.y : t.b;
  const auto start_step = t.goes_on ? t.y_step : 0;
  MIEN_UNROLL for (int px = 0; px < PX; ++px) {
    MIEN_UNROLL for (int v = 0; v < KV; ++v) {
      sum[px][v] =
          start == nullptr ? hn::Zero(d) : load<Partial>(start + px * start_step + v * lanes, t.columns - v * lanes);
    }
  }
  for (std::int64_t r = 0; r < t.rows; ++r) {
    const float* w = t.w + r * t.w_row;
    // Pixels in threes: base, base + step, base + 2 step are addresses the processor forms by itself.
    const float* x[(PX + 2) / 3];
    MIEN_UNROLL for (int px = 0; px < PX; px += 3) x[px / 3] = t.x + r * t.x_row + px * t.x_step;
    for (std::int64_t tap = 0; tap < t.taps; ++tap, w += t.w_step) {
      V weights[KV];
      MIEN_UNROLL for (int v = 0; v < KV; ++v) weights[v] = load<Partial>(w + v * lanes, t.columns - v * lanes);
      MIEN_UNROLL for (int px = 0; px < PX; ++px) {
        const V input = hn::Set(d, x[px / 3][tap + (px % 3) * t.x_step]);
        MIEN_UNROLL for (int v = 0; v < KV; ++v) sum[px][v] = hn::MulAdd(input, weights[v], sum[px][v]);
      }
    }
  }
  MIEN_UNROLL for (int px = 0; px < PX; ++px) {
    MIEN_UNROLL for (int v = 0; v < KV; ++v) {
      const V result = t.relu ? rectified(sum[px][v]) : sum[px][v];
      store<Partial>(result, t.y + px * t.y_step + v * lanes, t.columns - v * lanes);
    }
  }
}

/// Calls tile<pixels, 2, Partial>: pixels is known only now, a tile's size when it was compiled.
template <bool Partial, int PX = most_pixels_a_tile> HWY_INLINE void tile_of(std::int64_t pixels, const TileTask& t) {
  if constexpr (PX > 0) {
    if (pixels == PX) return tile<PX, 2, Partial>(t);
    tile_of<Partial, PX - 1>(pixels, t);
  }
}

/// A run of pixels of one panel, cut into tiles of nearly the same size: 44 pixels are 4 tiles of 11, not 3 of 12 and
/// one of 8.
HWY_NOINLINE void tile_run(TileTask t, std::int64_t pixels) {
  for (auto tiles = (pixels + most_pixels_a_tile - 1) / most_pixels_a_tile; tiles > 0; --tiles) {
    const auto now = (pixels + tiles - 1) / tiles;
    if (t.columns < panel) {
      tile_of<true>(now, t);
    } else {
      tile_of<false>(now, t);
    }
    t.x += now * t.x_step;
    t.y += now * t.y_step;
    pixels -= now;
  }
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
