// SPDX-License-Identifier: Apache-2.0
// SiLU, also called swish.
#pragma once

#include "mien/core/tensor.hpp"

namespace mien {

/// y = x / (1 + e^-x), element by element; a NaN stays one. y may be x. Throws Error if shapes differ.
/// Source: Elfwing, Uchibe and Doya 2017, arXiv:1702.03118; keras.activations.silu.
void silu_forward(View<float> y, View<const float> x, int threads);

/// dx = dy s (1 + x (1 - s)) with s = 1 / (1 + e^-x). dx may be dy. Throws Error if shapes differ.
void silu_backward(View<float> dx, View<const float> x, View<const float> dy, int threads);

} // namespace mien
