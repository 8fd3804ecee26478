// SPDX-License-Identifier: Apache-2.0
// The numbers of the optimiser Adam.
#pragma once

#include "mien/core/math.hpp"

#include <cmath>
#include <cstdint>

namespace mien {

/// Adam's settings, with Keras's names and defaults.
struct AdamSettings {
  double learning_rate = 1e-3;
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
};

/// What one step of Adam multiplies with, rounded once, so that every kernel uses the same numbers.
struct AdamStep {
  float alpha = 0;  ///< the learning rate, corrected for m and v that began at zero
  float m_rate = 0; ///< 1 - beta_1
  float v_rate = 0; ///< 1 - beta_2
  float epsilon = 0;
  float gradient_scale = 1; ///< what clipping leaves of the gradient
  float l2 = 0;             ///< times w, added to the gradient
  float decay = 0;          ///< of w, taken off before the move
};

/// The numbers of step `t`, which counts from 1.
///
///   alpha = learning_rate sqrt(1 - beta_2^t) / (1 - beta_1^t)
///
/// Source: Kingma and Ba 2015, "Adam: a method for stochastic optimization", the end of section 2.
[[nodiscard]] inline AdamStep adam_step(const AdamSettings& settings, std::int64_t t) noexcept {
  const double correction = std::sqrt(1 - math::pow(settings.beta_2, t)) / (1 - math::pow(settings.beta_1, t));
  return {.alpha = static_cast<float>(settings.learning_rate * correction),
          .m_rate = static_cast<float>(1 - settings.beta_1),
          .v_rate = static_cast<float>(1 - settings.beta_2),
          .epsilon = static_cast<float>(settings.epsilon)};
}

} // namespace mien
