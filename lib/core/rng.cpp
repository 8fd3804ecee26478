// SPDX-License-Identifier: Apache-2.0
#include "mien/core/rng.hpp"

#include "mien/core/math.hpp"

#include <cmath>

namespace mien {

Rng::Rng(std::uint64_t seed, Purpose purpose, std::uint32_t epoch, std::uint32_t sample) noexcept
    : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
      counter_{0, sample, epoch, static_cast<std::uint32_t>(purpose)} {}

std::uint32_t Rng::bits() noexcept {
  if (used_ == 4) {
    drawn_ = philox4x32(counter_, key_);
    ++counter_[0];
    used_ = 0;
  }
  return drawn_[used_++];
}

float Rng::uniform() noexcept { return static_cast<float>(bits() >> 8) * 0x1p-24f; }

float Rng::uniform(float low, float high) noexcept { return low + (high - low) * uniform(); }

std::uint32_t Rng::below(std::uint32_t bound) noexcept {
  // Lemire 2019, "Fast random integer generation in an interval": reject the few words that would bias.
  const std::uint32_t floor = (0u - bound) % bound;
  std::uint64_t product = 0;
  do {
    product = std::uint64_t{bits()} * bound;
  } while (static_cast<std::uint32_t>(product) < floor);
  return static_cast<std::uint32_t>(product >> 32);
}

float Rng::normal() noexcept {
  const double u = (static_cast<double>(bits()) + 1.0) * 0x1p-32; // (0, 1], so that its logarithm is finite
  const double v = static_cast<double>(bits()) * 0x1p-32;
  return static_cast<float>(std::sqrt(-2.0 * math::log(u)) * math::cos_turns(v));
}

} // namespace mien
