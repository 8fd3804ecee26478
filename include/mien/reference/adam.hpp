// SPDX-License-Identifier: Apache-2.0
// One step of the optimiser Adam.
#pragma once

#include "mien/core/adam.hpp"

#include <cmath>
#include <cstdint>

// lib/ compiles this text in a namespace of its own, so that a user's compiler flags cannot reach it.
#ifndef MIEN_REFERENCE_NAMESPACE
#define MIEN_REFERENCE_NAMESPACE reference
#endif

namespace mien::MIEN_REFERENCE_NAMESPACE {

/// Moves the parameters against their gradient, each at a pace of its own.
///
///   m <- m + (1 - beta_1) (dw - m)
///   v <- v + (1 - beta_2) (dw^2 - v)
///   w <- w - alpha m / (sqrt(v) + epsilon)
///
/// All hold `count` elements. w, m and v are changed in place; m and v begin as zeros.
/// Source: Kingma and Ba 2015, in the form of keras.optimizers.Adam; alpha comes from adam_step().
template <class T> void adam(T* w, T* m, T* v, const T* dw, std::int64_t count, const AdamStep& step) noexcept {
  const T alpha{step.alpha}, m_rate{step.m_rate}, v_rate{step.v_rate}, epsilon{step.epsilon};
  for (std::int64_t i = 0; i < count; ++i) {
    m[i] += m_rate * (dw[i] - m[i]);
    v[i] += v_rate * (dw[i] * dw[i] - v[i]);
    w[i] -= alpha * m[i] / (std::sqrt(v[i]) + epsilon);
  }
}

} // namespace mien::MIEN_REFERENCE_NAMESPACE
