// SPDX-License-Identifier: Apache-2.0
// Depthwise convolution over NHWC pictures: a vector of channels at a time, each with weights of its own.
//
// Forward and the gradient by the picture are one loop: an output is the sum over some taps of the filter, whose inputs
// stand at equal distances.
#if defined(MIEN_LIB_KERNELS_DEPTHWISE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_DEPTHWISE_INL_HPP
#undef MIEN_LIB_KERNELS_DEPTHWISE_INL_HPP
#else
#define MIEN_LIB_KERNELS_DEPTHWISE_INL_HPP
#endif

#include "lib/kernels/vector-inl.hpp"
#include "mien/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

/// Along one axis, the taps of the filter that one output uses, and where it reads for them.
struct Taps {
  std::int64_t tap; ///< the first of them
  std::int64_t tap_step;
  std::int64_t source; ///< what the first one reads
  std::int64_t source_step;
  std::int64_t count;
};

/// Output i of the forward pass reads i * stride - pad + tap, where that lies in [0, extent).
HWY_INLINE Taps forward_taps(std::int64_t i, std::int64_t window, std::int64_t stride, std::int64_t pad,
                             std::int64_t extent) {
  const auto begin = i * stride - pad;
  const auto first = larger(0, -begin);
  return {first, 1, begin + first, 1, larger(0, smaller(window, extent - begin) - first)};
}

/// Input i hands its gradient on from the outputs (i + pad - tap) / stride, where that is whole and lies in [0, count).
HWY_INLINE Taps backward_taps(std::int64_t i, std::int64_t window, std::int64_t stride, std::int64_t pad,
                              std::int64_t count) {
  const auto last = (i + pad) / stride; // read through the first tap; a later tap reads before it
  const auto skipped = larger(0, last - (count - 1));
  const auto first = (i + pad) % stride + skipped * stride;
  const auto taps = first < window ? (window - 1 - first) / stride + 1 : 0;
  return {first, stride, last - skipped, -1, smaller(taps, last - skipped + 1)};
}

/// A row of outputs: y (outputs, c), x and w whole, b (c) or null. Neighbours that use the same taps read `step` pixels
/// apart; 0 where they never do.
struct DepthwiseRow {
  float* y;
  const float* x;
  const float* w;
  const float* b;
  Taps rows;
  std::int64_t outputs, step, width, s, c;
};

/// `Pixels` outputs from q on that use the same taps, for the vector of channels at k.
template <int Pixels, bool Partial>
HWY_INLINE void depthwise_pixels(const DepthwiseRow& row, const Taps& columns, std::int64_t q, std::int64_t k) {
  const auto channels = row.c - k;
  V sum[Pixels];
  MIEN_UNROLL for (int i = 0; i < Pixels; ++i) {
    sum[i] = row.b == nullptr ? hn::Zero(d) : load<Partial>(row.b + k, channels);
  }
  for (std::int64_t r = 0; r < row.rows.count; ++r) {
    const auto tap_row = (row.rows.tap + r * row.rows.tap_step) * row.s;
    const auto source_row = (row.rows.source + r * row.rows.source_step) * row.width;
    for (std::int64_t t = 0; t < columns.count; ++t) {
      const V weight = load<Partial>(row.w + (tap_row + columns.tap + t * columns.tap_step) * row.c + k, channels);
      const float* from = row.x + (source_row + columns.source + t * columns.source_step) * row.c + k;
      MIEN_UNROLL for (int i = 0; i < Pixels; ++i) {
        sum[i] = hn::MulAdd(load<Partial>(from + i * row.step * row.c, channels), weight, sum[i]);
      }
    }
  }
  MIEN_UNROLL for (int i = 0; i < Pixels; ++i) store<Partial>(sum[i], row.y + (q + i) * row.c + k, channels);
}

template <int Pixels> HWY_INLINE void depthwise_channels(const DepthwiseRow& row, const Taps& columns, std::int64_t q) {
  std::int64_t k = 0;
  for (; k + lanes <= row.c; k += lanes) depthwise_pixels<Pixels, false>(row, columns, q, k);
  if (k < row.c) depthwise_pixels<Pixels, true>(row, columns, q, k);
}

/// Four outputs at a time where they use the same taps: then a vector of weights is loaded once for all of them.
template <class ColumnTaps> HWY_INLINE void depthwise_row(const DepthwiseRow& row, const ColumnTaps& columns_of) {
  constexpr int pixels = 4;
  for (std::int64_t q = 0; q < row.outputs;) {
    const Taps columns = columns_of(q);
    const Taps last = columns_of(q + pixels - 1);
    const bool fits = row.step > 0 && q + pixels <= row.outputs;
    if (fits && last.tap == columns.tap && last.count == columns.count) {
      depthwise_channels<pixels>(row, columns, q);
      q += pixels;
    } else {
      depthwise_channels<1>(row, columns, q++);
    }
  }
}

void depthwise_rows(float* y, const float* x, const float* w, const float* b, const Conv2dExtents& e, std::int64_t p0,
                    std::int64_t p1) noexcept {
  const auto columns = [&](std::int64_t q) { return forward_taps(q, e.s, e.stride_w, e.pad_left, e.w); };
  for (auto p = p0; p < p1; ++p) {
    depthwise_row({.y = y + p * e.q * e.c,
                   .x = x,
                   .w = w,
                   .b = b,
                   .rows = forward_taps(p, e.r, e.stride_h, e.pad_top, e.h),
                   .outputs = e.q,
                   .step = e.stride_w,
                   .width = e.w,
                   .s = e.s,
                   .c = e.c},
                  columns);
  }
}

void depthwise_gradient_rows(float* dx, const float* dy, const float* w, const Conv2dExtents& e, std::int64_t h0,
                             std::int64_t h1) noexcept {
  const auto columns = [&](std::int64_t i) { return backward_taps(i, e.s, e.stride_w, e.pad_left, e.q); };
  for (auto h = h0; h < h1; ++h) {
    depthwise_row({.y = dx + h * e.w * e.c,
                   .x = dy,
                   .w = w,
                   .b = nullptr,
                   .rows = backward_taps(h, e.r, e.stride_h, e.pad_top, e.p),
                   .outputs = e.w,
                   .step = e.stride_w == 1 ? 1 : 0,
                   .width = e.q,
                   .s = e.s,
                   .c = e.c},
                  columns);
  }
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
