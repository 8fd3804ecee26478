// SPDX-License-Identifier: Apache-2.0
// The order in which an epoch shows its pictures.
#pragma once

#include "mien/core/rng.hpp"

#include <cstdint>
#include <numeric>
#include <span>
#include <utility>

namespace mien {

/// 0, 1, ... mixed by (seed, epoch): every order is equally likely. Source: Fisher and Yates 1938, Durstenfeld 1964.
inline void shuffle(std::span<std::uint32_t> order, std::uint64_t seed, int epoch) {
  std::iota(order.begin(), order.end(), 0u);
  Rng rng(seed, Purpose::shuffle, static_cast<std::uint32_t>(epoch));
  for (auto left = static_cast<std::uint32_t>(order.size()); left > 1; --left)
    std::swap(order[left - 1], order[rng.below(left)]);
}

} // namespace mien
