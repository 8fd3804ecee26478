// SPDX-License-Identifier: Apache-2.0
// What `mien tune` draws: read from `--search`, and checked against the options of `mien train`.
#pragma once

#include "tools/cli.hpp"
#include "tools/train_settings.hpp"

#include "mien/train/search.hpp"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mien::cli {

/// Options by name, as they are typed.
using OptionTexts = std::vector<std::pair<std::string, std::string>>;

/// The command line of one training, without a terminal: a recipe, then what is set.
struct TrialSettings {
  explicit TrialSettings(const std::string& recipe, const Common& common);
  TrialSettings(const TrialSettings&) = delete;
  TrialSettings& operator=(const TrialSettings&) = delete;

  Common common; ///< says nothing
  TrainSettings settings;
  Command command;
};

/// What `--search` says, `NAME=LOW..HIGH` or `NAME=ONE|OTHER|...` a text; where it says nothing, what is usually worth
/// a search, without the options that are `fixed`.
///
/// Rates (lr, weight-decay, l2, lr-floor, clip-norm) are drawn by factors where their range begins above 0, other
/// numbers evenly; a range of an option that takes whole numbers is a choice of these. Throws UsageError if a text is
/// neither, its option does not exist, takes no such value, is fixed, or is the same for all trials.
[[nodiscard]] std::vector<SearchParameter> search_parameters(std::span<const std::string> texts,
                                                             const std::string& recipe, const OptionTexts& fixed);

/// The parameters as search_parameters() reads them.
[[nodiscard]] std::string search_texts(std::span<const SearchParameter> parameters);

/// Whether trials can go on to more epochs: no rate that they may have depends on how many there are.
[[nodiscard]] bool trials_continue(std::span<const SearchParameter> parameters, const TrainSettings& settings);

} // namespace mien::cli
