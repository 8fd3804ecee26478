// SPDX-License-Identifier: Apache-2.0
// The rectifier.
#pragma once

#include "mien/core/tensor.hpp"

namespace mien {

/// y = max(0, x), element by element; a NaN stays one. y may be x. Throws Error if shapes differ.
void relu_forward(View<float> y, View<const float> x, int threads);

/// dx = dy where y > 0, else 0. dx may be dy. Throws Error if shapes differ.
void relu_backward(View<float> dx, View<const float> y, View<const float> dy, int threads);

} // namespace mien
