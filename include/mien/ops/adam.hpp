// SPDX-License-Identifier: Apache-2.0
// One step of Adam on one tensor.
#pragma once

#include "mien/core/adam.hpp"
#include "mien/core/tensor.hpp"

namespace mien {

/// Moves w against its gradient; m and v remember the gradient's mean and its square's.
///
///   g = gradient_scale dw + l2 w
///   m <- m + (1 - beta_1) (g - m),  v <- v + (1 - beta_2) (g^2 - v)
///   w <- w - decay w - alpha m / (sqrt(v) + epsilon)
///
/// All of one shape; m and v begin as zeros; `step` comes from adam_step(settings, t). Throws Error if shapes differ.
/// Source: Kingma and Ba 2015, in the form of keras.optimizers.Adam; the decay is that of Loshchilov and Hutter 2019.
void adam(View<float> w, View<float> m, View<float> v, View<const float> dw, const AdamStep& step, int threads);

} // namespace mien
