// SPDX-License-Identifier: Apache-2.0
// What parameters are before training, as Keras names and defines it.
#pragma once

#include "mien/core/rng.hpp"
#include "mien/core/tensor.hpp"

#include <cstdint>
#include <string_view>

namespace mien {

enum class Initializer : std::uint8_t {
  zeros,
  ones,
  glorot_uniform,
  glorot_normal,
  he_uniform,
  he_normal,
  lecun_uniform,
  lecun_normal
};

[[nodiscard]] std::string_view name_of(Initializer initializer) noexcept;
/// Throws Error for an unknown name, listing those there are.
[[nodiscard]] Initializer initializer_named(std::string_view name);

/// Fills `w` by variance scaling.
///
///   variance = s / n:  glorot s 1, n (fan_in + fan_out)/2;  he s 2, n fan_in;  lecun s 1, n fan_in
///   uniform: U(-sqrt(3 variance), sqrt(3 variance))
///   normal: N(0, variance / 0.87962566103423978^2), draws beyond two deviations thrown away
///
/// Source: Keras, keras.initializers.VarianceScaling.
void initialize(View<float> w, Initializer initializer, std::int64_t fan_in, std::int64_t fan_out, Rng rng);

} // namespace mien
