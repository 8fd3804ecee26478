// SPDX-License-Identifier: Apache-2.0
// The numbers of gradient descent with momentum.
#pragma once

namespace mien {

/// What one step of gradient descent multiplies with, rounded once, so that every kernel uses the same numbers.
struct SgdStep {
  float rate = 0;           ///< the learning rate
  float momentum = 0;       ///< what is left of the last steps' sum
  bool nesterov = false;    ///< looks ahead by one more step of momentum
  float gradient_scale = 1; ///< what clipping leaves of the gradient
  float l2 = 0;             ///< times w, added to the gradient
};

} // namespace mien
