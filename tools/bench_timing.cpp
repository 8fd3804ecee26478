// SPDX-License-Identifier: Apache-2.0
#include "tools/bench_timing.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>

namespace mien::cli {
namespace {

/// Calls for so long, at least once, and appends what each call took. Returns calls a second.
double run_once(const std::function<void()>& call, double seconds, std::vector<double>& each) {
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  auto last = begin;
  double calls = 0, total = 0;
  do {
    call();
    const auto now = Clock::now();
    each.push_back(std::chrono::duration<double>(now - last).count());
    total = std::chrono::duration<double>(now - begin).count();
    last = now;
    ++calls;
  } while (total < seconds);
  return calls / total;
}

} // namespace

Timing time_calls(const std::function<void()>& call, const TimingOptions& options,
                  const std::function<void(int run)>& begins) {
  Timing timing;
  run_once(call, options.seconds, timing.seconds);
  timing.seconds.clear();
  for (int run = 0; run < options.runs; ++run) {
    begins(run);
    timing.calls_per_second.push_back(run_once(call, options.seconds, timing.seconds));
  }
  std::ranges::sort(timing.calls_per_second);
  std::ranges::sort(timing.seconds);
  return timing;
}

double percentile(std::span<const double> sorted, double share) {
  const auto rank = std::ceil(share * static_cast<double>(sorted.size()));
  const auto last = static_cast<double>(sorted.size()) - 1;
  return sorted[static_cast<std::size_t>(std::clamp(rank - 1, 0.0, last))];
}

} // namespace mien::cli
