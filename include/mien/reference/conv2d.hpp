// SPDX-License-Identifier: Apache-2.0
// Convolution in two dimensions: what it is, in plain loops.
#pragma once

#include "mien/core/extents.hpp"

#include <algorithm>
#include <cstdint>

// lib/ compiles this text in a namespace of its own, so that a user's compiler flags cannot reach it.
#ifndef MIEN_REFERENCE_NAMESPACE
#define MIEN_REFERENCE_NAMESPACE reference
#endif

namespace mien::MIEN_REFERENCE_NAMESPACE {

/// y = x * w + b.
///
///   y[n,p,q,k] = b[k] + sum over r,s,c of x[n, p stride_h + r - pad_top, q stride_w + s - pad_left, c] w[r,s,c,k]
///
/// x (N,H,W,C), w (R,S,C,K), b (K) or null for none, y (N,P,Q,K); outside its extents x is zero. y is
/// overwritten. Source: Keras, keras.layers.Conv2D (a correlation: the window is not mirrored).
template <class T> void conv2d_forward(T* y, const T* x, const T* w, const T* b, const Conv2dExtents& e) noexcept {
  for (std::int64_t n = 0; n < e.n; ++n) {
    for (std::int64_t p = 0; p < e.p; ++p) {
      for (std::int64_t q = 0; q < e.q; ++q, y += e.k) {
        for (std::int64_t k = 0; k < e.k; ++k) y[k] = b != nullptr ? b[k] : T{0};
        for (std::int64_t r = 0; r < e.r; ++r) {
          for (std::int64_t s = 0; s < e.s; ++s) {
            const std::int64_t h = p * e.stride_h + r - e.pad_top;
            const std::int64_t col = q * e.stride_w + s - e.pad_left;
            if (h < 0 || h >= e.h || col < 0 || col >= e.w) continue;
            for (std::int64_t c = 0; c < e.c; ++c) {
              const T value = x[((n * e.h + h) * e.w + col) * e.c + c];
              const T* weights = w + ((r * e.s + s) * e.c + c) * e.k;
              for (std::int64_t k = 0; k < e.k; ++k) y[k] += value * weights[k];
            }
          }
        }
      }
    }
  }
}

/// The derivative by x: every output hands its derivative back to the inputs it read.
///
///   dx[n,h,w,c] = sum over r,s,k and the p,q that read (h, w) through (r, s) of dy[n,p,q,k] w[r,s,c,k]
///
/// Shapes as in conv2d_forward. dx is overwritten.
template <class T> void conv2d_backward_data(T* dx, const T* dy, const T* w, const Conv2dExtents& e) noexcept {
  std::fill_n(dx, e.n * e.h * e.w * e.c, T{0});
  for (std::int64_t n = 0; n < e.n; ++n) {
    for (std::int64_t p = 0; p < e.p; ++p) {
      for (std::int64_t q = 0; q < e.q; ++q, dy += e.k) {
        for (std::int64_t r = 0; r < e.r; ++r) {
          for (std::int64_t s = 0; s < e.s; ++s) {
            const std::int64_t h = p * e.stride_h + r - e.pad_top;
            const std::int64_t col = q * e.stride_w + s - e.pad_left;
            if (h < 0 || h >= e.h || col < 0 || col >= e.w) continue;
            for (std::int64_t c = 0; c < e.c; ++c) {
              const T* weights = w + ((r * e.s + s) * e.c + c) * e.k;
              T sum{0};
              for (std::int64_t k = 0; k < e.k; ++k) sum += dy[k] * weights[k];
              dx[((n * e.h + h) * e.w + col) * e.c + c] += sum;
            }
          }
        }
      }
    }
  }
}

/// The derivative by w.
///
///   dw[r,s,c,k] += sum over n,p,q of x[n, p stride_h + r - pad_top, q stride_w + s - pad_left, c] dy[n,p,q,k]
///
/// Shapes as in conv2d_forward. dw is added to.
template <class T> void conv2d_backward_filter(T* dw, const T* x, const T* dy, const Conv2dExtents& e) noexcept {
  for (std::int64_t n = 0; n < e.n; ++n) {
    for (std::int64_t p = 0; p < e.p; ++p) {
      for (std::int64_t q = 0; q < e.q; ++q, dy += e.k) {
        for (std::int64_t r = 0; r < e.r; ++r) {
          for (std::int64_t s = 0; s < e.s; ++s) {
            const std::int64_t h = p * e.stride_h + r - e.pad_top;
            const std::int64_t col = q * e.stride_w + s - e.pad_left;
            if (h < 0 || h >= e.h || col < 0 || col >= e.w) continue;
            for (std::int64_t c = 0; c < e.c; ++c) {
              const T value = x[((n * e.h + h) * e.w + col) * e.c + c];
              T* derivatives = dw + ((r * e.s + s) * e.c + c) * e.k;
              for (std::int64_t k = 0; k < e.k; ++k) derivatives[k] += value * dy[k];
            }
          }
        }
      }
    }
  }
}

/// The derivative by b: db[k] += sum over n,p,q of dy[n,p,q,k].
///
/// Shapes as in conv2d_forward. db is added to.
template <class T> void conv2d_backward_bias(T* db, const T* dy, const Conv2dExtents& e) noexcept {
  for (std::int64_t i = 0; i < e.n * e.p * e.q; ++i, dy += e.k) {
    for (std::int64_t k = 0; k < e.k; ++k) db[k] += dy[k];
  }
}

} // namespace mien::MIEN_REFERENCE_NAMESPACE
