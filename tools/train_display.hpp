// SPDX-License-Identifier: Apache-2.0
// What a person sees of a running training: a live line on a terminal, a line an epoch everywhere.
#pragma once

#include "tools/cli.hpp"

#include "mien/train/trainer.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace mien::cli {

class TrainDisplay {
public:
  TrainDisplay(const Common& common, const Trainer& trainer);
  TrainDisplay(const TrainDisplay&) = delete;
  TrainDisplay& operator=(const TrainDisplay&) = delete;
  ~TrainDisplay() { clear(); }

  /// Redraws the live line, at most ten times a second.
  void on_step(const StepReport& report);
  /// Writes the line of an epoch.
  void on_epoch(const EpochRow& row);
  /// Takes the live line away, so that something else can be written.
  void clear();

private:
  [[nodiscard]] double seconds() const;
  [[nodiscard]] std::string time_left(std::int64_t pictures_left) const;

  const Common& common_;
  const Trainer& trainer_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point drawn_{};
  std::int64_t pictures_before_; ///< seen before this process began
  std::vector<double> losses_;   ///< of this epoch, one a cell of the sparkline
  std::int64_t part_ = 0;        ///< the cell of the last of them
  bool live_;
  bool unicode_;
  bool line_stands_ = false;
};

} // namespace mien::cli
