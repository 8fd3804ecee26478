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
///   g = gradient_scale dw + l2 w
///   m <- m + (1 - beta_1) (g - m)
///   v <- v + (1 - beta_2) (g^2 - v)
///   w <- w - decay w - alpha m / (sqrt(v) + epsilon)
///
/// All hold `count` elements. w, m and v are changed in place; m and v begin as zeros.
/// Source: Kingma and Ba 2015, in the form of keras.optimizers.Adam; alpha comes from adam_step(). The decay is that of
/// Loshchilov and Hutter 2019, "Decoupled weight decay regularization".
template <class T> void adam(T* w, T* m, T* v, const T* dw, std::int64_t count, const AdamStep& step) noexcept {
  const T alpha{step.alpha}, m_rate{step.m_rate}, v_rate{step.v_rate}, epsilon{step.epsilon};
  const T gradient_scale{step.gradient_scale}, l2{step.l2}, decay{step.decay};
  for (std::int64_t i = 0; i < count; ++i) {
    const T gradient = gradient_scale * dw[i] + l2 * w[i];
    m[i] += m_rate * (gradient - m[i]);
    v[i] += v_rate * (gradient * gradient - v[i]);
    w[i] -= decay * w[i];
    w[i] -= alpha * m[i] / (std::sqrt(v[i]) + epsilon);
  }
}

} // namespace mien::MIEN_REFERENCE_NAMESPACE
