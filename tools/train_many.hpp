// SPDX-License-Identifier: Apache-2.0
// `mien train --seeds` and `--folds`: several trainings on pictures that are read once.
#pragma once

#include "tools/train_material.hpp"

#include "mien/train/history.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace mien::cli {

/// How often, and in which way, a training is repeated; 0: it is not.
struct ManySettings {
  int seeds = 0, folds = 0;

  void bind(Command& command);
  /// After the settings of the training: fills the folder where none was given. Throws UsageError.
  void settle(const Command& command, TrainSettings& settings) const;
  [[nodiscard]] bool asked() const { return seeds > 0 || folds > 0; }
};

/// What all trainings have in common.
struct ManyJob {
  const Command& command;
  TrainSettings& settings;
  const Common& common;
  ManySettings many;
};

/// Does all trainings, or goes on with them; the exit code. Throws as a single training does.
[[nodiscard]] int train_many(const ManyJob& job);

/// One of the trainings, and what is recorded of it.
struct OneOfMany {
  std::string kind; ///< seed or fold: its folder is OUT/KIND-NUMBER
  std::uint64_t number = 0;
  std::uint64_t seed = 0;
  bool by_itself = false; ///< its run.json repeats it alone; else all of them
};

/// Trains one, on from its folder's state if it has one, and gives its best epoch; a finished one is not repeated.
/// Nothing if Ctrl-C stopped it, and it is saved.
[[nodiscard]] std::optional<EpochRow> train_one(const ManyJob& job, const OneOfMany& one, TrainMaterial material);

/// OUT/KIND-NUMBER
[[nodiscard]] std::filesystem::path folder_of(const ManyJob& job, const OneOfMany& one);

} // namespace mien::cli
