// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/support/fma_peak.hpp"

#include "mien/ops/parallel.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "benchmarks/support/fma_peak.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

HWY_BEFORE_NAMESPACE();
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// 12 independent chains: more than latency times ports, fewer than registers. Returns the operations done.
double multiply_and_add(float* sink) {
  const hn::ScalableTag<float> d;
  constexpr int chains = 12;
  constexpr int rounds = 2'000'000;
  hn::Vec<decltype(d)> sum[chains];
  const auto a = hn::Set(d, 0.999f);
  const auto b = hn::Set(d, 0.001f);
  _Pragma("GCC unroll 16") for (int i = 0; i < chains; ++i) sum[i] = hn::Set(d, static_cast<float>(i));
  for (int round = 0; round < rounds; ++round) {
    _Pragma("GCC unroll 16") for (int i = 0; i < chains; ++i) sum[i] = hn::MulAdd(sum[i], a, b);
  }
  _Pragma("GCC unroll 16") for (int i = 1; i < chains; ++i) sum[0] = hn::Add(sum[0], sum[i]);
  *sink = hn::GetLane(sum[0]);
  return 2.0 * chains * rounds * static_cast<double>(hn::Lanes(d));
}

} // namespace
} // namespace HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

HWY_EXPORT(multiply_and_add);

double measured_fma_peak(int threads) {
  double best = 0;
  for (int run = 0; run < 10; ++run) {
    std::vector<double> done(static_cast<std::size_t>(threads) * 8); // a cache line each
    std::vector<float> sinks(static_cast<std::size_t>(threads) * 16);
    const auto begin = std::chrono::steady_clock::now();
    mien::parallel_for(threads, threads, [&](int part, int) {
      const auto at = static_cast<std::size_t>(part);
      done[at * 8] = HWY_DYNAMIC_DISPATCH(multiply_and_add)(&sinks[at * 16]);
    });
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    double flop = 0;
    for (const auto each : done) flop += each;
    best = std::max(best, flop / seconds.count() * 1e-9);
  }
  return best;
}

#endif
