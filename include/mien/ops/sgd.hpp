// SPDX-License-Identifier: Apache-2.0
// One step of gradient descent with momentum on one tensor.
#pragma once

#include "mien/core/sgd.hpp"
#include "mien/core/tensor.hpp"

namespace mien {

/// Moves w against a decaying sum of its gradients, which b remembers.
///
///   g = gradient_scale dw + l2 w,  b <- momentum b + g,  w <- w - rate b,  or with Nesterov  w - rate (g + momentum b)
///
/// All of one shape; b begins as zeros. Throws Error if shapes differ. Source: Sutskever et al. 2013, in the form of
/// torch.optim.SGD.
void sgd(View<float> w, View<float> b, View<const float> dw, const SgdStep& step, int threads);

} // namespace mien
