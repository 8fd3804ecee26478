// SPDX-License-Identifier: Apache-2.0
// What `mien tune` is told beside the options of the trainings: on the command line, by the folder that it resumes.
#pragma once

#include "tools/cli.hpp"
#include "tools/tune_trial.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace mien::cli {

struct TuneSettings {
  double minutes = 30;
  SearchOptions search;
  std::vector<std::string> texts; ///< of --search
  std::filesystem::path out, resume;
  bool force = false, json = false, csv = false;

  void bind(Command& command);
  /// After parsing: fills what was left out from the folder that is resumed. Throws UsageError where options contradict
  /// each other.
  void settle(Command& command, std::filesystem::path& data);

private:
  void take_up(Command& command, std::filesystem::path& data);
};

/// The options of the trainings that were given.
[[nodiscard]] OptionTexts fixed_options(const Command& command);

/// All that decides which trials there are: what a search is resumed from.
[[nodiscard]] OptionTexts recorded_search(const Command& command, const TuneJob& job);

} // namespace mien::cli
