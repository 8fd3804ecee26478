// SPDX-License-Identifier: Apache-2.0
// Random draws that depend on what they are for, never on when or where they are made.
#pragma once

#include "mien/core/philox.hpp"

#include <cstdint>

namespace mien {

/// What a draw is for: two purposes never share a stream.
enum class Purpose : std::uint32_t {
  weights = 1,
  shuffle,
  augment,
  dropout,
  split,
  faces,
  test,
  bootstrap,
  scenes,
  tune,
  clips,
  folds
};

/// The purpose of one layer's own draws: two layers of a network never share a stream.
[[nodiscard]] constexpr Purpose of_layer(Purpose purpose, std::uint32_t layer) noexcept {
  return static_cast<Purpose>(static_cast<std::uint32_t>(purpose) | layer << 8);
}

/// A stream of draws that is a function of (seed, purpose, epoch, sample) alone.
///
/// The seed is the Philox key; purpose and epoch, sample, and a running number are its counter, so a
/// stream of 2^34 words may be drawn for any sample of any epoch in any order, on any thread, with
/// the same result.
class Rng {
public:
  explicit Rng(std::uint64_t seed, Purpose purpose, std::uint32_t epoch = 0, std::uint32_t sample = 0) noexcept;

  /// 32 random bits.
  [[nodiscard]] std::uint32_t bits() noexcept;
  /// A float in [0, 1), a multiple of 2^-24.
  [[nodiscard]] float uniform() noexcept;
  /// A float in [low, high).
  [[nodiscard]] float uniform(float low, float high) noexcept;
  /// A whole number in [0, bound), without bias. `bound` is at least 1.
  [[nodiscard]] std::uint32_t below(std::uint32_t bound) noexcept;
  /// A draw from the normal distribution with mean 0 and deviation 1 (Box and Muller 1958).
  [[nodiscard]] float normal() noexcept;

  /// Key and counter of the stream's first four words: what a vector kernel needs to draw the same.
  [[nodiscard]] PhiloxKey key() const noexcept { return key_; }
  [[nodiscard]] PhiloxCounter counter() const noexcept { return counter_; }

private:
  PhiloxKey key_;
  PhiloxCounter counter_; // [0] counts, the rest names the stream
  PhiloxCounter drawn_{};
  unsigned used_ = 4;
};

} // namespace mien
