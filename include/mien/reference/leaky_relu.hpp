// SPDX-License-Identifier: Apache-2.0
// The leaky rectifier: what is negative becomes small.
#pragma once

#include <cstdint>

// lib/ compiles this text in a namespace of its own, so that a user's compiler flags cannot reach it.
#ifndef MIEN_REFERENCE_NAMESPACE
#define MIEN_REFERENCE_NAMESPACE reference
#endif

namespace mien::MIEN_REFERENCE_NAMESPACE {

/// y = x where x >= 0, and slope * x elsewhere; a NaN stays one, so that a broken training shows.
///
/// x and y hold `count` elements and may be the same; slope is at least 0. y is overwritten.
/// Source: Maas, Hannun and Ng 2013, Rectifier Nonlinearities Improve Neural Network Acoustic Models; Keras,
/// keras.layers.LeakyReLU.
template <class T> void leaky_relu_forward(T* y, const T* x, std::int64_t count, T slope) noexcept {
  for (std::int64_t i = 0; i < count; ++i) y[i] = x[i] < T{0} ? slope * x[i] : x[i];
}

/// dx = dy where y > 0, and slope * dy elsewhere (so the derivative at x = 0 is the slope, as in Keras).
///
/// All hold `count` elements; dx and dy may be the same. dx is overwritten.
template <class T> void leaky_relu_backward(T* dx, const T* y, const T* dy, std::int64_t count, T slope) noexcept {
  for (std::int64_t i = 0; i < count; ++i) dx[i] = y[i] > T{0} ? dy[i] : slope * dy[i];
}

} // namespace mien::MIEN_REFERENCE_NAMESPACE
