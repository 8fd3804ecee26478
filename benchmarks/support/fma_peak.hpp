// SPDX-License-Identifier: Apache-2.0
// What this processor can do at most: the yardstick that every share of peak refers to.
#pragma once

/// Multiplications and additions a second that `threads` threads reach on numbers that never leave their registers,
/// in GFLOP/s (1 fused multiply-add = 2), with the widest vectors there are: the best of ten short runs.
[[nodiscard]] double measured_fma_peak(int threads);
