// SPDX-License-Identifier: Apache-2.0
// Long runs of independent elements, cut into pieces for the workers.
#pragma once

#include "mien/ops/parallel.hpp"

#include <algorithm>
#include <cstdint>

namespace mien {

/// Large enough to be worth a call, small enough to share out: 64 kB of floats.
inline constexpr std::int64_t elements_a_piece = 16384;

/// Calls f(begin, end) for pieces of [0, extent) on the workers. No sum may cross a piece, so that sizes decide no bit.
template <class F> void in_pieces(std::int64_t extent, std::int64_t piece, int threads, const F& f) {
  parallel_for(threads, static_cast<int>((extent + piece - 1) / piece),
               [&](int part, int) { f(part * piece, std::min((part + 1) * piece, extent)); });
}

} // namespace mien
