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

/// A batch, divided for the way back. How dw's sum is grouped follows from it, so it depends on shapes alone.
struct Groups {
  std::int64_t count; ///< each of whole pictures, with sums of its own
  std::int64_t tiles; ///< of one group that are transformed at a time
  std::int64_t most;  ///< at least that, and no more for fewer pictures: an epoch's last batch fits where others do

  explicit Groups(const WinogradExtents& t) {
    const std::int64_t second_level = 240 * 1024, third_level = 896 * 1024; // floats
    const auto sums = t.positions() * gradient_step(t.conv);
    count = std::min<std::int64_t>(4 * sums <= third_level * 2 ? 4 : 2, t.conv.n);
    // Where du and u leave room for some tiles in the second-level cache, all stays there. Else V and M pass through
    // the next one, and the more at a time, the fewer times du does.
    const auto few = (second_level - 2 * sums) / floats_a_tile(t);
    const auto fit = few >= 24 ? few : std::max<std::int64_t>(24, third_level / floats_a_tile(t));
    const auto all = rounds(t.conv.n, count) * t.tiles_a_picture();
    tiles = rounds(all, rounds(all, fit)); // as equal as can be
    most = std::min(all, fit);
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
    chunk = Transformed::floats(t, groups.most);
  }
  [[nodiscard]] std::int64_t floats() const { return u + exchanged + groups.count * (sums + chunk); }
};

} // namespace mien
