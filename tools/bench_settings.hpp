// SPDX-License-Identifier: Apache-2.0
// What `mien bench` is told: which network, which cases, how often.
#pragma once

#include "tools/bench_report.hpp"
#include "tools/cli.hpp"
#include "tools/inputs.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace mien::cli {

struct BenchSettings {
  std::string net = "seed", model, task = "both";
  std::string batches, threads; ///< lists; by default what the help says
  AlgorithmFlag algorithm;
  TimingOptions timing;
  bool augment = false, layers = false, json = false;

  void bind(Command& command);
  /// After parsing: every combination of task, batch and threads. Throws UsageError where options contradict each
  /// other or a list is none.
  [[nodiscard]] std::vector<BenchCase> cases(const Command& command, const Common& common) const;
  /// The network and so many faces. Throws UsageError if there is no network of this name, Error if a file is none.
  [[nodiscard]] BenchSubject subject(std::int64_t faces, const Common& common) const;
};

} // namespace mien::cli
