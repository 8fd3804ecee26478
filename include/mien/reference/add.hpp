// SPDX-License-Identifier: Apache-2.0
// Addition of two arrays: where a residual block's two ways meet.
#pragma once

#include <cstdint>

// lib/ compiles this text in a namespace of its own, so that a user's compiler flags cannot reach it.
#ifndef MIEN_REFERENCE_NAMESPACE
#define MIEN_REFERENCE_NAMESPACE reference
#endif

namespace mien::MIEN_REFERENCE_NAMESPACE {

/// y = a + b, element by element.
///
/// All hold `count` elements; y may be a or b. y is overwritten. The derivatives by a and by b are dy itself.
template <class T> void add_forward(T* y, const T* a, const T* b, std::int64_t count) noexcept {
  for (std::int64_t i = 0; i < count; ++i) y[i] = a[i] + b[i];
}

} // namespace mien::MIEN_REFERENCE_NAMESPACE
