// SPDX-License-Identifier: Apache-2.0
#include "lib/nn/arena.hpp"

#include <algorithm>
#include <numeric>

namespace mien {
namespace {

bool meet(const Lifetime& a, const Lifetime& b) { return a.first <= b.last && b.first <= a.last; }

} // namespace

Arena lay_out(const std::vector<Lifetime>& lifetimes) {
  const auto floats = [&](std::size_t i) { return padded(lifetimes[i].floats); };
  std::vector<std::size_t> order(lifetimes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater{}, floats);

  Arena arena{.offsets = std::vector<std::size_t>(lifetimes.size(), 0), .floats = 0};
  std::vector<std::size_t> placed; // by offset
  for (const auto i : order) {
    std::size_t offset = 0;
    for (const auto other : placed) {
      if (!meet(lifetimes[i], lifetimes[other])) continue;
      if (offset + floats(i) <= arena.offsets[other]) break; // the gap before it is wide enough
      offset = std::max(offset, arena.offsets[other] + floats(other));
    }
    arena.offsets[i] = offset;
    arena.floats = std::max(arena.floats, offset + floats(i));
    placed.insert(std::ranges::upper_bound(placed, offset, {}, [&](std::size_t j) { return arena.offsets[j]; }), i);
  }
  return arena;
}

} // namespace mien
