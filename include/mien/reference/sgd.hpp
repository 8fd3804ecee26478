// SPDX-License-Identifier: Apache-2.0
// One step of gradient descent with momentum.
#pragma once

#include "mien/core/sgd.hpp"

#include <cstdint>

// lib/ compiles this text in a namespace of its own, so that a user's compiler flags cannot reach it.
#ifndef MIEN_REFERENCE_NAMESPACE
#define MIEN_REFERENCE_NAMESPACE reference
#endif

namespace mien::MIEN_REFERENCE_NAMESPACE {

/// Moves the parameters against a decaying sum of their gradients.
///
///   g = gradient_scale dw + l2 w
///   b <- momentum b + g
///   w <- w - rate b,  or with Nesterov  w <- w - rate (g + momentum b)
///
/// All hold `count` elements. w and b are changed in place; b begins as zeros.
/// Source: Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning", in the form of
/// torch.optim.SGD, whose rate multiplies the sum and not what enters it.
template <class T> void sgd(T* w, T* b, const T* dw, std::int64_t count, const SgdStep& step) noexcept {
  const T rate{step.rate}, momentum{step.momentum}, gradient_scale{step.gradient_scale}, l2{step.l2};
  for (std::int64_t i = 0; i < count; ++i) {
    const T gradient = gradient_scale * dw[i] + l2 * w[i];
    b[i] = momentum * b[i] + gradient;
    w[i] -= rate * (step.nesterov ? gradient + momentum * b[i] : b[i]);
  }
}

} // namespace mien::MIEN_REFERENCE_NAMESPACE
