// SPDX-License-Identifier: Apache-2.0
// One step of an exponential moving average of a tensor.
#pragma once

#include "mien/core/tensor.hpp"

namespace mien {

/// Moves the average y some way towards x: y <- y + rate (x - y), where `rate` is 1 - decay.
///
/// Of one shape. Throws Error if shapes differ.
void moving_average(View<float> y, View<const float> x, float rate, int threads);

} // namespace mien
