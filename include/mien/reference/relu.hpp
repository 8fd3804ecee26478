// SPDX-License-Identifier: Apache-2.0
// The rectifier: what is negative becomes zero.
#pragma once

#include <cstdint>

// lib/ compiles this text in a namespace of its own, so that a user's compiler flags cannot reach it.
#ifndef MIEN_REFERENCE_NAMESPACE
#define MIEN_REFERENCE_NAMESPACE reference
#endif

namespace mien::MIEN_REFERENCE_NAMESPACE {

/// y = max(x, 0), element by element; a NaN stays one, so that a broken training shows.
///
/// x and y hold `count` elements and may be the same. y is overwritten.
template <class T> void relu_forward(T* y, const T* x, std::int64_t count) noexcept {
  for (std::int64_t i = 0; i < count; ++i) y[i] = x[i] < T{0} ? T{0} : x[i];
}

/// dx = dy where y > 0, and 0 elsewhere (so the derivative at x = 0 is 0, as in Keras).
///
/// All hold `count` elements; dx and dy may be the same. dx is overwritten.
template <class T> void relu_backward(T* dx, const T* y, const T* dy, std::int64_t count) noexcept {
  for (std::int64_t i = 0; i < count; ++i) dx[i] = y[i] > T{0} ? dy[i] : T{0};
}

} // namespace mien::MIEN_REFERENCE_NAMESPACE
