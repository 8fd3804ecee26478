// SPDX-License-Identifier: Apache-2.0
// Depthwise convolution in two dimensions: every channel has a filter of its own.
#pragma once

#include "mien/core/extents.hpp"

#include <algorithm>
#include <cstdint>

// lib/ compiles this text in a namespace of its own, so that a user's compiler flags cannot reach it.
#ifndef MIEN_REFERENCE_NAMESPACE
#define MIEN_REFERENCE_NAMESPACE reference
#endif

namespace mien::MIEN_REFERENCE_NAMESPACE {

/// y = b + x * w, channel by channel.
///
///   y[n,p,q,c] = b[c] + sum over r,s of x[n, p stride_h + r - pad_top, q stride_w + s - pad_left, c] w[r,s,c]
///
/// x (N,H,W,C), w (R,S,C), b (C) or null for none, y (N,P,Q,C), so K = C; outside its extents x is zero. y is
/// overwritten. Source: Howard et al. 2017, arXiv:1704.04861; Keras, keras.layers.DepthwiseConv2D, depth_multiplier 1.
template <class T>
void depthwise_conv2d_forward(T* y, const T* x, const T* w, const T* b, const Conv2dExtents& e) noexcept {
  for (std::int64_t n = 0; n < e.n; ++n) {
    for (std::int64_t p = 0; p < e.p; ++p) {
      for (std::int64_t q = 0; q < e.q; ++q, y += e.c) {
        for (std::int64_t c = 0; c < e.c; ++c) y[c] = b != nullptr ? b[c] : T{0};
        for (std::int64_t r = 0; r < e.r; ++r) {
          for (std::int64_t s = 0; s < e.s; ++s) {
            const std::int64_t h = p * e.stride_h + r - e.pad_top;
            const std::int64_t col = q * e.stride_w + s - e.pad_left;
            if (h < 0 || h >= e.h || col < 0 || col >= e.w) continue;
            const T* values = x + ((n * e.h + h) * e.w + col) * e.c;
            const T* weights = w + (r * e.s + s) * e.c;
            for (std::int64_t c = 0; c < e.c; ++c) y[c] += values[c] * weights[c];
          }
        }
      }
    }
  }
}

/// The derivative by x: every output hands its derivative back to the inputs it read.
///
///   dx[n,h,w,c] = sum over r,s and the p,q that read (h, w) through (r, s) of dy[n,p,q,c] w[r,s,c]
///
/// Shapes as in depthwise_conv2d_forward. dx is overwritten.
template <class T>
void depthwise_conv2d_backward_data(T* dx, const T* dy, const T* w, const Conv2dExtents& e) noexcept {
  std::fill_n(dx, e.n * e.h * e.w * e.c, T{0});
  for (std::int64_t n = 0; n < e.n; ++n) {
    for (std::int64_t p = 0; p < e.p; ++p) {
      for (std::int64_t q = 0; q < e.q; ++q, dy += e.c) {
        for (std::int64_t r = 0; r < e.r; ++r) {
          for (std::int64_t s = 0; s < e.s; ++s) {
            const std::int64_t h = p * e.stride_h + r - e.pad_top;
            const std::int64_t col = q * e.stride_w + s - e.pad_left;
            if (h < 0 || h >= e.h || col < 0 || col >= e.w) continue;
            T* derivatives = dx + ((n * e.h + h) * e.w + col) * e.c;
            const T* weights = w + (r * e.s + s) * e.c;
            for (std::int64_t c = 0; c < e.c; ++c) derivatives[c] += dy[c] * weights[c];
          }
        }
      }
    }
  }
}

/// The derivative by w.
///
///   dw[r,s,c] += sum over n,p,q of x[n, p stride_h + r - pad_top, q stride_w + s - pad_left, c] dy[n,p,q,c]
///
/// Shapes as in depthwise_conv2d_forward. dw is added to. The derivative by b is conv2d_backward_bias.
template <class T>
void depthwise_conv2d_backward_filter(T* dw, const T* x, const T* dy, const Conv2dExtents& e) noexcept {
  for (std::int64_t n = 0; n < e.n; ++n) {
    for (std::int64_t p = 0; p < e.p; ++p) {
      for (std::int64_t q = 0; q < e.q; ++q, dy += e.c) {
        for (std::int64_t r = 0; r < e.r; ++r) {
          for (std::int64_t s = 0; s < e.s; ++s) {
            const std::int64_t h = p * e.stride_h + r - e.pad_top;
            const std::int64_t col = q * e.stride_w + s - e.pad_left;
            if (h < 0 || h >= e.h || col < 0 || col >= e.w) continue;
            const T* values = x + ((n * e.h + h) * e.w + col) * e.c;
            T* derivatives = dw + (r * e.s + s) * e.c;
            for (std::int64_t c = 0; c < e.c; ++c) derivatives[c] += values[c] * dy[c];
          }
        }
      }
    }
  }
}

} // namespace mien::MIEN_REFERENCE_NAMESPACE
