// SPDX-License-Identifier: Apache-2.0
// What this processor can do at most: the yardstick that every share of peak refers to.
#pragma once

namespace mien {

/// The multiplications and additions a second that `threads` threads reach on numbers that never leave their registers.
///
///   GFLOP/s = 2e-9 * fused multiply-adds / seconds, of the fastest of many short runs
///
/// With the vectors of the best kernel set that this processor has, whichever is in use: it is the machine's peak.
/// Takes about `seconds`. Throws Error unless threads is at least 1.
[[nodiscard]] double measured_fma_peak(int threads, double seconds = 0.3);

} // namespace mien
