// SPDX-License-Identifier: Apache-2.0
// The fully connected layer: a matrix product and a bias.
#pragma once

#include "mien/core/extents.hpp"

#include <cstdint>

// lib/ compiles this text in a namespace of its own, so that a user's compiler flags cannot reach it.
#ifndef MIEN_REFERENCE_NAMESPACE
#define MIEN_REFERENCE_NAMESPACE reference
#endif

namespace mien::MIEN_REFERENCE_NAMESPACE {

/// y = x w + b.
///
///   y[n,o] = b[o] + sum over i of x[n,i] w[i,o]
///
/// x (N,I), w (I,O), b (O) or null for none, y (N,O). y is overwritten. Source: Keras, keras.layers.Dense.
template <class T> void dense_forward(T* y, const T* x, const T* w, const T* b, const DenseExtents& e) noexcept {
  for (std::int64_t n = 0; n < e.n; ++n, x += e.i, y += e.o) {
    for (std::int64_t o = 0; o < e.o; ++o) y[o] = b != nullptr ? b[o] : T{0};
    for (std::int64_t i = 0; i < e.i; ++i) {
      for (std::int64_t o = 0; o < e.o; ++o) y[o] += x[i] * w[i * e.o + o];
    }
  }
}

/// The derivative by x: dx[n,i] = sum over o of dy[n,o] w[i,o].
///
/// Shapes as in dense_forward. dx is overwritten.
template <class T> void dense_backward_data(T* dx, const T* dy, const T* w, const DenseExtents& e) noexcept {
  for (std::int64_t n = 0; n < e.n; ++n, dx += e.i, dy += e.o) {
    for (std::int64_t i = 0; i < e.i; ++i) {
      T sum{0};
      for (std::int64_t o = 0; o < e.o; ++o) sum += dy[o] * w[i * e.o + o];
      dx[i] = sum;
    }
  }
}

/// The derivative by w: dw[i,o] += sum over n of x[n,i] dy[n,o].
///
/// Shapes as in dense_forward. dw is added to.
template <class T> void dense_backward_filter(T* dw, const T* x, const T* dy, const DenseExtents& e) noexcept {
  for (std::int64_t n = 0; n < e.n; ++n, x += e.i, dy += e.o) {
    for (std::int64_t i = 0; i < e.i; ++i) {
      for (std::int64_t o = 0; o < e.o; ++o) dw[i * e.o + o] += x[i] * dy[o];
    }
  }
}

/// The derivative by b: db[o] += sum over n of dy[n,o].
///
/// Shapes as in dense_forward. db is added to.
template <class T> void dense_backward_bias(T* db, const T* dy, const DenseExtents& e) noexcept {
  for (std::int64_t n = 0; n < e.n; ++n, dy += e.o) {
    for (std::int64_t o = 0; o < e.o; ++o) db[o] += dy[o];
  }
}

} // namespace mien::MIEN_REFERENCE_NAMESPACE
