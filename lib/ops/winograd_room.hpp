// SPDX-License-Identifier: Apache-2.0
// How Winograd's transformed numbers lie in memory: sizes in floats, and where each block begins.
#pragma once

#include "mien/core/extents.hpp"
#include "mien/kernels.hpp"

#include <algorithm>
#include <cstdint>

namespace mien {

inline constexpr std::int64_t line = 16; // floats of a cache line

[[nodiscard]] inline std::int64_t rounds(std::int64_t n, std::int64_t size) { return (n + size - 1) / size; }

/// Floats from one position's n numbers to the next: an odd number of lines, so that positions spread over the sets of
/// a cache, whatever the channels.
[[nodiscard]] inline std::int64_t position_step(std::int64_t n) { return (rounds(n, line) | 1) * line; }

[[nodiscard]] inline WinogradExtents tiles_of(const Conv2dExtents& e, std::int64_t m) {
  return {.conv = e, .m = m, .rows = rounds(e.p, m), .columns = rounds(e.q, m)};
}

/// Transformed numbers of one tile: V and M.
[[nodiscard]] inline std::int64_t floats_a_tile(const WinogradExtents& t) {
  return t.positions() * (t.conv.c + t.conv.k);
}

/// V and M of so many tiles, one behind the other.
struct Transformed {
  WinogradTiles v, m;
  float* v_data;
  float* m_data;

  Transformed(float* memory, const WinogradExtents& t, std::int64_t first, std::int64_t count)
      : v{first, count, position_step(count * t.conv.c)}, m{first, count, position_step(count * t.conv.k)},
        v_data(memory), m_data(memory + t.positions() * v.step) {}

  [[nodiscard]] static std::int64_t floats(const WinogradExtents& t, std::int64_t count) {
    return t.positions() * (position_step(count * t.conv.c) + position_step(count * t.conv.k));
  }
};

/// One position of filters packed in panels of output channels, k of them for c input channels.
[[nodiscard]] inline std::int64_t packed_step(std::int64_t c, std::int64_t k) {
  const auto panel = kernels().panel;
  return position_step(c * rounds(k, panel) * panel);
}

/// One position of the gradient by them, as it comes.
[[nodiscard]] inline std::int64_t gradient_step(const Conv2dExtents& e) { return position_step(e.c * e.k); }

/// The pictures of a batch, divided for the way back. How dw's sum is grouped follows from it, so it depends on shapes
/// alone.
struct Groups {
  std::int64_t count;    ///< each with sums of its own
  std::int64_t pictures; ///< of one group that are transformed at a time

  explicit Groups(const WinogradExtents& t) {
    const std::int64_t sums = 1536 * 1024, cache = 896 * 1024; // floats: of all groups; of V and M
    const std::int64_t most = 4 * t.positions() * gradient_step(t.conv) <= sums ? 4 : 2;
    count = std::min(most, t.conv.n);
    const auto all = rounds(t.conv.n, count),
               fit = std::max<std::int64_t>(1, cache / (floats_a_tile(t) * t.tiles_a_picture()));
    pictures = rounds(all, rounds(all, fit)); // as equal as can be
  }
};

/// What a backward pass shares among its workers, in the order in which it lies in memory.
struct BackwardRoom {
  std::int64_t u, exchanged;
  std::int64_t sums; ///< of one group: du, then db
  std::int64_t chunk;
  Groups groups;

  explicit BackwardRoom(const WinogradExtents& t)
      : u(t.positions() * packed_step(t.conv.k, t.conv.c)), exchanged(rounds(9 * t.conv.c * t.conv.k, line) * line),
        sums(t.positions() * gradient_step(t.conv) + rounds(t.conv.k, line) * line), chunk(0), groups(t) {
    chunk = Transformed::floats(t, groups.pictures * t.tiles_a_picture());
  }
  [[nodiscard]] std::int64_t floats() const { return u + exchanged + groups.count * (sums + chunk); }
};

} // namespace mien
