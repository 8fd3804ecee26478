// SPDX-License-Identifier: Apache-2.0
// SiLU, also called swish: x times its sigmoid.
#pragma once

#include "mien/core/math.hpp"

#include <cstdint>

// lib/ compiles this text in a namespace of its own, so that a user's compiler flags cannot reach it.
#ifndef MIEN_REFERENCE_NAMESPACE
#define MIEN_REFERENCE_NAMESPACE reference
#endif

namespace mien::MIEN_REFERENCE_NAMESPACE {

/// 1 / (1 + e^-x), in double.
inline double sigmoid(double x) noexcept { return 1 / (1 + math::exp(-x)); }

/// y = x sigmoid(x), element by element; a NaN stays one.
///
/// x and y hold `count` elements and may be the same. y is overwritten. Computed in double, rounded once.
/// Source: Elfwing, Uchibe and Doya 2017, arXiv:1702.03118; Keras, keras.activations.silu.
template <class T> void silu_forward(T* y, const T* x, std::int64_t count) noexcept {
  for (std::int64_t i = 0; i < count; ++i) {
    const double value = static_cast<double>(x[i]);
    y[i] = static_cast<T>(value * sigmoid(value));
  }
}

/// dx = dy sigmoid(x) (1 + x sigmoid(-x)): 1 - sigmoid(x) is sigmoid(-x), which loses no digits where x is large.
///
/// All hold `count` elements; dx and dy may be the same. dx is overwritten.
template <class T> void silu_backward(T* dx, const T* x, const T* dy, std::int64_t count) noexcept {
  for (std::int64_t i = 0; i < count; ++i) {
    const double value = static_cast<double>(x[i]);
    dx[i] = static_cast<T>(static_cast<double>(dy[i]) * sigmoid(value) * (1 + value * sigmoid(-value)));
  }
}

} // namespace mien::MIEN_REFERENCE_NAMESPACE
