// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/fma_peak.hpp"

#include "mien/core/error.hpp"
#include "mien/kernels.hpp"
#include "mien/ops/parallel.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mien {
namespace {

/// What a thread did, on a cache line of its own.
struct alignas(64) Done {
  std::int64_t multiply_adds = 0;
  float sink = 0;
};

const KernelSet& widest() {
  return *std::ranges::find_if(kernel_sets(),
                               [](const auto& set) { return set.multiply_add_chains != nullptr && set.supported(); });
}

} // namespace

double measured_fma_peak(int threads, double seconds) {
  if (threads < 1) throw Error(concat("fma peak: ", threads, " threads asked for, at least 1 is needed"));
  constexpr std::int64_t rounds = 2'000'000; // some milliseconds: much longer than threads take to start
  using Clock = std::chrono::steady_clock;
  const auto& set = widest();
  std::vector<Done> done(static_cast<std::size_t>(threads));
  const auto begin = Clock::now();
  double best = 0;
  do {
    const auto start = Clock::now();
    parallel_for(threads, threads, [&](int part, int) {
      auto& mine = done[static_cast<std::size_t>(part)];
      mine.multiply_adds = set.multiply_add_chains(&mine.sink, rounds);
    });
    const std::chrono::duration<double> taken = Clock::now() - start;
    double flop = 0;
    for (const auto& each : done) flop += 2 * static_cast<double>(each.multiply_adds);
    best = std::max(best, flop / taken.count() * 1e-9);
  } while (std::chrono::duration<double>(Clock::now() - begin).count() < seconds);
  return best;
}

} // namespace mien
