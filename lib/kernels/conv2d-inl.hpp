// SPDX-License-Identifier: Apache-2.0
// Direct convolution over NHWC pictures and HWIO filters, forward and for the filter's gradient.
//
// The gradient by the picture is a convolution too, of dy with the turned filter: the operation calls conv_rows for it.
#if defined(MIEN_LIB_KERNELS_CONV2D_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_CONV2D_INL_HPP
#undef MIEN_LIB_KERNELS_CONV2D_INL_HPP
#else
#define MIEN_LIB_KERNELS_CONV2D_INL_HPP
#endif

#include "lib/kernels/outer-inl.hpp"
#include "lib/kernels/tile-inl.hpp"
#include "mien/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

/// Panels outside, rows inside: one panel's filters stay in the second-level cache while all rows pass by.
void conv_rows(float* y, const float* x, const float* w, const float* b, bool relu, const ConvRows& e, std::int64_t p0,
               std::int64_t p1) noexcept {
  for (std::int64_t k0 = 0; k0 < e.k; k0 += panel) {
    for (std::int64_t p = p0; p < p1; ++p) {
      const auto h = p * e.stride_h - e.pad_top; // the input row under the filter's first
      const auto r0 = larger(0, -h);
      const auto r1 = smaller(e.r, e.rows - h);
      tile_run({.y = y + p * e.q * e.k + k0,
                .x = x + (h + r0) * e.x_row,
                .w = w + r0 * e.taps * e.k + k0,
                .b = b == nullptr ? nullptr : b + k0,
                .y_step = e.k,
                .x_step = e.x_step,
                .w_step = e.k,
                .x_row = e.x_row,
                .w_row = e.taps * e.k,
                .rows = larger(0, r1 - r0),
                .taps = e.taps,
                .columns = smaller(panel, e.k - k0),
                .relu = relu},
               e.q);
    }
  }
}

/// Some rows at a time, so that their x and dy stay in the first-level cache while all taps use them. Their number
/// depends on the shape alone, because it decides how the sum is grouped.
void conv_filter_gradient(float* dw, const float* x, const float* dy, const ConvRows& e, std::int64_t r,
                          std::int64_t k0) noexcept {
  const auto shift = e.pad_top - r; // output row p reads input row p * stride_h - shift
  const auto p0 = larger(0, (shift + e.stride_h - 1) / e.stride_h);
  const auto p1 = smaller(e.p, (e.rows + shift + e.stride_h - 1) / e.stride_h);
  const auto rows_a_block = larger(1, 128 / e.q);
  for (auto p = p0; p < p1; p += rows_a_block) {
    outer_run({.dw = dw + r * e.taps * e.k + k0,
               .x = x + (p * e.stride_h - shift) * e.x_row,
               .dy = dy + p * e.q * e.k + k0,
               .dw_step = e.k,
               .x_step = e.x_step,
               .dy_step = e.k,
               .x_row = e.stride_h * e.x_row,
               .dy_row = e.q * e.k,
               .rows = smaller(rows_a_block, p1 - p),
               .pixels = e.q,
               .columns = smaller(panel, e.k - k0)},
              e.taps);
  }
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
