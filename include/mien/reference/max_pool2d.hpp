// SPDX-License-Identifier: Apache-2.0
// Max pooling in two dimensions: the largest of each window.
#pragma once

#include "mien/core/extents.hpp"

#include <algorithm>
#include <cstdint>

// lib/ compiles this text in a namespace of its own, so that a user's compiler flags cannot reach it.
#ifndef MIEN_REFERENCE_NAMESPACE
#define MIEN_REFERENCE_NAMESPACE reference
#endif

namespace mien::MIEN_REFERENCE_NAMESPACE {

/// The largest value of each window.
///
///   y[n,p,q,c] = max over r,s of x[n, p stride_h + r, q stride_w + s, c]
///
/// x (N,H,W,C), y (N,P,Q,C); every window lies inside x. y is overwritten. Source: Keras, keras.layers.MaxPooling2D,
/// padding `valid`.
template <class T> void max_pool2d_forward(T* y, const T* x, const PoolExtents& e) noexcept {
  for (std::int64_t n = 0; n < e.n; ++n) {
    for (std::int64_t p = 0; p < e.p; ++p) {
      for (std::int64_t q = 0; q < e.q; ++q, y += e.c) {
        const T* window = x + ((n * e.h + p * e.stride_h) * e.w + q * e.stride_w) * e.c;
        std::copy_n(window, e.c, y);
        for (std::int64_t r = 0; r < e.r; ++r) {
          for (std::int64_t s = 0; s < e.s; ++s) {
            const T* values = window + (r * e.w + s) * e.c;
            for (std::int64_t c = 0; c < e.c; ++c) y[c] = values[c] > y[c] ? values[c] : y[c];
          }
        }
      }
    }
  }
}

/// Hands each output's derivative to the input that was the largest.
///
///   dx[n,h,w,c] = sum of dy[n,p,q,c] over the windows whose first maximum, row by row, is (h, w)
///
/// Shapes as in max_pool2d_forward. dx is overwritten; where windows overlap, it is a sum.
template <class T> void max_pool2d_backward(T* dx, const T* x, const T* dy, const PoolExtents& e) noexcept {
  std::fill_n(dx, e.n * e.h * e.w * e.c, T{0});
  for (std::int64_t n = 0; n < e.n; ++n) {
    for (std::int64_t p = 0; p < e.p; ++p) {
      for (std::int64_t q = 0; q < e.q; ++q, dy += e.c) {
        const std::int64_t window = ((n * e.h + p * e.stride_h) * e.w + q * e.stride_w) * e.c;
        for (std::int64_t c = 0; c < e.c; ++c) {
          std::int64_t first = window + c;
          for (std::int64_t r = 0; r < e.r; ++r) {
            for (std::int64_t s = 0; s < e.s; ++s) {
              const std::int64_t at = window + (r * e.w + s) * e.c + c;
              if (x[at] > x[first]) first = at;
            }
          }
          dx[first] += dy[c];
        }
      }
    }
  }
}

} // namespace mien::MIEN_REFERENCE_NAMESPACE
