// SPDX-License-Identifier: Apache-2.0
// Dropout.
#pragma once

#include "mien/core/rng.hpp"
#include "mien/core/tensor.hpp"

#include <cstdint>
#include <span>

namespace mien {

/// Which stream a dropout layer draws from for each picture of a batch.
struct DropoutStream {
  std::uint64_t seed = 0;
  std::uint32_t layer = 0; ///< layers of one model never share draws
  std::uint32_t epoch = 0;
  std::span<const std::uint32_t> samples; ///< one number a picture

  [[nodiscard]] Rng of(std::size_t n) const noexcept {
    const auto purpose = static_cast<std::uint32_t>(Purpose::dropout) | layer << 8;
    return Rng(seed, static_cast<Purpose>(purpose), epoch, samples[n]);
  }
};

/// Sets each element to zero with probability `rate` and scales up the rest, so that the mean stays.
///
///   y[n,i] = x[n,i] / (1 - rate) if the i-th uniform draw of picture n's stream is at least rate, else 0
///
/// x and y have one shape, N pictures in front; y may be x. The derivative is the same function of dy.
/// Throws Error if shapes differ, rate is not in [0, 1), or there are fewer samples than pictures.
/// Source: Srivastava et al. 2014; keras.layers.Dropout.
void dropout(View<float> y, View<const float> x, float rate, const DropoutStream& stream, int threads);

} // namespace mien
