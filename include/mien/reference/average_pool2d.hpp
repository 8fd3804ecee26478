// SPDX-License-Identifier: Apache-2.0
// Average pooling in two dimensions: the mean of each window.
#pragma once

#include "mien/core/extents.hpp"

#include <algorithm>
#include <cstdint>

// lib/ compiles this text in a namespace of its own, so that a user's compiler flags cannot reach it.
#ifndef MIEN_REFERENCE_NAMESPACE
#define MIEN_REFERENCE_NAMESPACE reference
#endif

namespace mien::MIEN_REFERENCE_NAMESPACE {

/// The mean of each window.
///
///   y[n,p,q,c] = sum over r,s of x[n, p stride_h + r, q stride_w + s, c] / (R S)
///
/// x (N,H,W,C), y (N,P,Q,C); every window lies inside x. y is overwritten. Source: Keras,
/// keras.layers.AveragePooling2D, padding `valid`; with one window as large as the picture it is
/// keras.layers.GlobalAveragePooling2D.
template <class T> void average_pool2d_forward(T* y, const T* x, const PoolExtents& e) noexcept {
  const T elements = static_cast<T>(e.r * e.s);
  for (std::int64_t n = 0; n < e.n; ++n) {
    for (std::int64_t p = 0; p < e.p; ++p) {
      for (std::int64_t q = 0; q < e.q; ++q, y += e.c) {
        const T* window = x + ((n * e.h + p * e.stride_h) * e.w + q * e.stride_w) * e.c;
        for (std::int64_t c = 0; c < e.c; ++c) {
          T sum{0};
          for (std::int64_t r = 0; r < e.r; ++r) {
            for (std::int64_t s = 0; s < e.s; ++s) sum += window[(r * e.w + s) * e.c + c];
          }
          y[c] = sum / elements;
        }
      }
    }
  }
}

/// Hands each output's derivative to all inputs of its window in equal shares.
///
///   dx[n,h,w,c] = sum of dy[n,p,q,c] / (R S) over the windows that contain (h, w)
///
/// Shapes as in average_pool2d_forward. dx is overwritten; it is 0 where no window lies.
template <class T> void average_pool2d_backward(T* dx, const T* dy, const PoolExtents& e) noexcept {
  const T elements = static_cast<T>(e.r * e.s);
  std::fill_n(dx, e.n * e.h * e.w * e.c, T{0});
  for (std::int64_t n = 0; n < e.n; ++n) {
    for (std::int64_t p = 0; p < e.p; ++p) {
      for (std::int64_t q = 0; q < e.q; ++q, dy += e.c) {
        T* window = dx + ((n * e.h + p * e.stride_h) * e.w + q * e.stride_w) * e.c;
        for (std::int64_t r = 0; r < e.r; ++r) {
          for (std::int64_t s = 0; s < e.s; ++s) {
            for (std::int64_t c = 0; c < e.c; ++c) window[(r * e.w + s) * e.c + c] += dy[c] / elements;
          }
        }
      }
    }
  }
}

} // namespace mien::MIEN_REFERENCE_NAMESPACE
