// SPDX-License-Identifier: Apache-2.0
// The gradient by the filters of a convolution that reads few numbers an output, as of grey pictures: all taps of a
// filter fit into registers, so that one pass over dy serves them all, the bias and the rectifier's way back, too.
#if defined(MIEN_LIB_KERNELS_NARROW_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_NARROW_INL_HPP
#undef MIEN_LIB_KERNELS_NARROW_INL_HPP
#else
#define MIEN_LIB_KERNELS_NARROW_INL_HPP
#endif

#include "lib/kernels/vector-inl.hpp"
#include "mien/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

constexpr int most_narrow_taps = 12;
constexpr int narrow_vectors = HWY_TARGET == HWY_AVX3 ? 2 : 1; // of output channels: with a bias, 26 or 13 registers
constexpr std::int64_t narrow_width = narrow_vectors * lanes;

/// What a block of rows adds to dw(R,taps,k) and db: `columns` channels from k on.
struct NarrowTask {
  float* dw;
  float* db;
  const float* x;
  const float* dy;
  const float* y; // or null
  float scale;
  std::int64_t rows, columns;
};

template <int TAPS, bool Partial> HWY_INLINE void narrow_rows(const NarrowTask& t, const ConvRows& e) {
  std::int64_t offset[TAPS]; // of each tap from the pixel under the filter's first
  for (int tap = 0; tap < TAPS; ++tap) offset[tap] = tap / e.taps * e.x_row + tap % e.taps;
  V sum[TAPS][narrow_vectors], bias[narrow_vectors];
  MIEN_UNROLL for (int v = 0; v < narrow_vectors; ++v) {
    bias[v] = hn::Zero(d);
    MIEN_UNROLL for (int tap = 0; tap < TAPS; ++tap) sum[tap][v] = hn::Zero(d);
  }
  for (std::int64_t row = 0; row < t.rows; ++row) {
    const float* x = t.x + row * e.stride_h * e.x_row;
    for (std::int64_t q = 0; q < e.q; ++q, x += e.x_step) {
      const auto at = (row * e.q + q) * e.k;
      V gradient[narrow_vectors];
      MIEN_UNROLL for (int v = 0; v < narrow_vectors; ++v) {
        const auto left = t.columns - v * lanes;
        gradient[v] = load<Partial>(t.dy + at + v * lanes, left);
        if (t.y != nullptr) {
          const auto alive = hn::Gt(load<Partial>(t.y + at + v * lanes, left), hn::Zero(d));
          gradient[v] = hn::IfThenElseZero(alive, times(t.scale, gradient[v]));
        }
        bias[v] = hn::Add(bias[v], gradient[v]);
      }
      MIEN_UNROLL for (int tap = 0; tap < TAPS; ++tap) {
        const V input = hn::Set(d, x[offset[tap]]);
        MIEN_UNROLL for (int v = 0; v < narrow_vectors; ++v) sum[tap][v] = hn::MulAdd(input, gradient[v], sum[tap][v]);
      }
    }
  }
  MIEN_UNROLL for (int v = 0; v < narrow_vectors; ++v) {
    const auto left = t.columns - v * lanes;
    const auto add = [&](float* to, V value) HWY_ATTR {
      store<Partial>(hn::Add(load<Partial>(to + v * lanes, left), value), to + v * lanes, left);
    };
    add(t.db, bias[v]);
    MIEN_UNROLL for (int tap = 0; tap < TAPS; ++tap) add(t.dw + tap * e.k, sum[tap][v]);
  }
}

template <int TAPS = most_narrow_taps> HWY_INLINE void narrow_rows_of(const NarrowTask& t, const ConvRows& e) {
  if constexpr (TAPS > 0) {
    if (e.r * e.taps != TAPS) return narrow_rows_of<TAPS - 1>(t, e);
    t.columns < narrow_width ? narrow_rows<TAPS, true>(t, e) : narrow_rows<TAPS, false>(t, e);
  }
}

/// By blocks of rows: long sums in one register would lose digits.
void conv_narrow_gradient(float* dw, float* db, const float* x, const float* dy, const ConvGradient& after,
                          const ConvRows& e) noexcept {
  const auto block = larger(1, 128 / e.q);
  for (std::int64_t k = 0; k < e.k; k += narrow_width) {
    for (std::int64_t p = 0; p < e.p; p += block) {
      const auto at = p * e.q * e.k + k;
      narrow_rows_of({.dw = dw + k,
                      .db = db + k,
                      .x = x + p * e.stride_h * e.x_row,
                      .dy = dy + at,
                      .y = after.y == nullptr ? nullptr : after.y + at,
                      .scale = after.scale,
                      .rows = smaller(block, e.p - p),
                      .columns = smaller(narrow_width, e.k - k)},
                     e);
    }
  }
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
