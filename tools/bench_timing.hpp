// SPDX-License-Identifier: Apache-2.0
// How fast something is: runs of many calls, and what they say together.
#pragma once

#include <functional>
#include <span>
#include <vector>

namespace mien::cli {

struct TimingOptions {
  int runs = 9;
  double seconds = 0.2; ///< the least that a run takes: as many calls as that needs, at least one
};

struct Timing {
  std::vector<double> calls_per_second; ///< one a run, from least to most
  std::vector<double> seconds;          ///< of each call of all runs, from least to most
};

/// Times `call` in runs, after one run to warm up that does not count. `begins(run)` is told before each, from 0.
[[nodiscard]] Timing time_calls(const std::function<void()>& call, const TimingOptions& options,
                                const std::function<void(int run)>& begins);

/// The least number of `sorted`, which holds one at least, that so large a share of them does not exceed: 0.5 gives
/// the median (of an even number of them, the lower one).
[[nodiscard]] double percentile(std::span<const double> sorted, double share);

} // namespace mien::cli
