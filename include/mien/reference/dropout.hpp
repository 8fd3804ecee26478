// SPDX-License-Identifier: Apache-2.0
// Dropout: while training, a part of the elements is set to zero.
#pragma once

#include "mien/core/philox.hpp"

#include <cstddef>
#include <cstdint>

// lib/ compiles this text in a namespace of its own, so that a user's compiler flags cannot reach it.
#ifndef MIEN_REFERENCE_NAMESPACE
#define MIEN_REFERENCE_NAMESPACE reference
#endif

namespace mien::MIEN_REFERENCE_NAMESPACE {

/// Drops each element of one picture with probability `rate` and scales up the rest, so that the mean stays.
///
///   y[i] = u[i] >= rate ? x[i] / (1 - rate) : 0,   u[i] = floor(word / 2^8) / 2^24,
///   word = philox4x32({counter[0] + i / 4, counter[1], counter[2], counter[3]}, key)[i % 4]
///
/// u[i] is what the i-th call of Rng::uniform() returns for the Rng whose key() and counter() these are.
/// x and y hold `count` elements and may be the same; 0 <= rate < 1. y is overwritten.
/// Source: Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting".
template <class T>
void dropout_forward(T* y, const T* x, std::int64_t count, float rate, PhiloxKey key, PhiloxCounter counter) noexcept {
  const T scale = T{1} / (T{1} - static_cast<T>(rate));
  for (std::int64_t i = 0; i < count; i += 4, ++counter[0]) {
    const PhiloxCounter words = philox4x32(counter, key);
    for (std::int64_t j = 0; j < 4 && i + j < count; ++j) {
      const float draw = static_cast<float>(words[static_cast<std::size_t>(j)] >> 8) * 0x1p-24f;
      y[i + j] = draw >= rate ? x[i + j] * scale : T{0};
    }
  }
}

/// The derivative by x: dy through the same mask. Arguments as in dropout_forward. dx is overwritten.
template <class T>
void dropout_backward(T* dx, const T* dy, std::int64_t count, float rate, PhiloxKey key,
                      PhiloxCounter counter) noexcept {
  dropout_forward(dx, dy, count, rate, key, counter);
}

} // namespace mien::MIEN_REFERENCE_NAMESPACE
