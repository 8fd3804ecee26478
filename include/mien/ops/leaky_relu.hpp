// SPDX-License-Identifier: Apache-2.0
// The leaky rectifier.
#pragma once

#include "mien/core/tensor.hpp"

namespace mien {

/// y = x where x >= 0, else slope * x, element by element; a NaN stays one. y may be x.
/// Throws Error if shapes differ or slope is negative, infinite or no number.
void leaky_relu_forward(View<float> y, View<const float> x, float slope, int threads);

/// dx = dy where y > 0, else slope * dy. dx may be dy. Throws as leaky_relu_forward does.
void leaky_relu_backward(View<float> dx, View<const float> y, View<const float> dy, float slope, int threads);

} // namespace mien
