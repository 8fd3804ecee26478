// SPDX-License-Identifier: Apache-2.0
// What `mien bench` prints: for a person, and for a program.
#pragma once

#include "tools/bench_check.hpp"
#include "tools/bench_layers.hpp"
#include "tools/bench_timing.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mien::cli {

/// One thing that is measured.
struct BenchCase {
  bool training = false;
  std::int64_t batch = 1;
  int threads = 1;
};

struct BenchResult {
  BenchCase of;
  Timing timing;
  double flop = 0; ///< of one picture
  std::size_t workspace_bytes = 0;
  std::string algorithms{};
};

struct BenchReport {
  std::string net;
  bool augmented = false;
  std::map<int, double> peaks{}; ///< in GFLOP/s, by threads
  std::optional<TrainingCheck> training_check{};
  std::optional<double> inference_check{}; ///< the largest distance
  std::vector<BenchResult> results{};
  std::vector<LayerCost> layers{}; ///< of the first result, if they were asked for
  std::array<double, 2> load{};    ///< programs that wanted to run, before and after; below 0: unknown
};

/// A result in the units in which it is told.
struct ResultFigures {
  double images = 0, least = 0, most = 0; ///< a second: the median of the runs, and their range
  double gflops = 0, of_peak = 0;
  double p50 = 0, p99 = 0; ///< milliseconds a call
  double megabytes = 0;
};
[[nodiscard]] ResultFigures figures_of(const BenchReport& report, const BenchResult& result);

/// The same of a row of report.layers; 0 where nothing is multiplied.
struct LayerFigures {
  double forward_gflops = 0, backward_gflops = 0;
  double of_peak = 0, of_call = 0;
};
[[nodiscard]] LayerFigures figures_of(const BenchReport& report, const LayerCost& layer);

/// The processor's name where the system tells it, else its kind.
[[nodiscard]] std::string processor();

[[nodiscard]] std::string bench_text(const BenchReport& report);
[[nodiscard]] std::string bench_json(const BenchReport& report);

} // namespace mien::cli
