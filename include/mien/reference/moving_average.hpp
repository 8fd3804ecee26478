// SPDX-License-Identifier: Apache-2.0
// One step of an exponential moving average.
#pragma once

#include <cstdint>

// lib/ compiles this text in a namespace of its own, so that a user's compiler flags cannot reach it.
#ifndef MIEN_REFERENCE_NAMESPACE
#define MIEN_REFERENCE_NAMESPACE reference
#endif

namespace mien::MIEN_REFERENCE_NAMESPACE {

/// Moves an average some way towards what there is now.
///
///   y <- y + rate (x - y)
///
/// Both hold `count` elements; y is changed in place. `rate` is 1 - decay.
template <class T> void moving_average(T* y, const T* x, std::int64_t count, float rate) noexcept {
  for (std::int64_t i = 0; i < count; ++i) y[i] += T{rate} * (x[i] - y[i]);
}

} // namespace mien::MIEN_REFERENCE_NAMESPACE
