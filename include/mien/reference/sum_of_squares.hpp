// SPDX-License-Identifier: Apache-2.0
// The sum of a tensor's squares: what norms are made of.
#pragma once

#include <cstdint>

// lib/ compiles this text in a namespace of its own, so that a user's compiler flags cannot reach it.
#ifndef MIEN_REFERENCE_NAMESPACE
#define MIEN_REFERENCE_NAMESPACE reference
#endif

namespace mien::MIEN_REFERENCE_NAMESPACE {

/// The sum over i of x[i]^2, for `count` elements, in double.
template <class T> double sum_of_squares(const T* x, std::int64_t count) noexcept {
  double sum = 0;
  for (std::int64_t i = 0; i < count; ++i) sum += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  return sum;
}

} // namespace mien::MIEN_REFERENCE_NAMESPACE
