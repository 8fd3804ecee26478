// SPDX-License-Identifier: Apache-2.0
// One trial of a search: a training in a folder of its own.
#pragma once

#include "tools/train_material.hpp"
#include "tools/tune_space.hpp"

#include "mien/train/search.hpp"
#include "mien/train/trainer.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace mien::cli {

/// What all trials of a search have in common.
struct TuneJob {
  std::filesystem::path data{}, out{};
  std::string recipe{};
  OptionTexts fixed{}; ///< what is given and not searched
  SearchSpace space{};
  SearchOptions options{};
  Common common{};
};

/// OUT/trial-N
[[nodiscard]] std::filesystem::path trial_folder(const std::filesystem::path& out, int trial);

/// `--lr 0.01 --rotation 12`: what was drawn for a trial.
[[nodiscard]] std::string drawn_text(const SearchSpace& space, int trial);

/// Sets what is fixed and what is drawn for this trial, and settles. Throws UsageError and Error as `mien train` does.
void settle_trial(TrialSettings& settings, const TuneJob& job, int trial, int epochs);

/// Trains a trial to next.epochs, on from its folder's state where that belongs to it, and gives its row: accuracy and
/// loss of its best epoch; 0 and not a number if it diverged. Nothing if Ctrl-C stopped it, and it is saved.
[[nodiscard]] std::optional<TrialRow> run_trial(const TuneJob& job, const TrainMaterial& material,
                                                const NextTrial& next,
                                                const std::function<void(const StepReport&)>& on_step);

/// Removes the weights of trials that are out, to save room: those two rungs below the next one, the best aside.
void remove_weights_of_losers(const TuneJob& job, std::span<const TrialRow> rows, const NextTrial& next);

} // namespace mien::cli
