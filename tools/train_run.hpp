// SPDX-License-Identifier: Apache-2.0
// One training in its folder: from where it stands to its end, or to Ctrl-C.
#pragma once

#include "tools/train_settings.hpp"

#include "mien/train/run_folder.hpp"
#include "mien/train/trainer.hpp"

#include <filesystem>
#include <string>

namespace mien::cli {

/// `mien train --resume FOLDER`
[[nodiscard]] std::string resume_command(const std::filesystem::path& folder);

/// What a run's model files and report say beside what the trainer knows.
[[nodiscard]] RunFolderOptions folder_options(const TrainSettings& settings, PictureSet seen, std::string title,
                                              NamedValues recorded);

/// Network, recipe, threads, kernels, and where files go: in two lines.
[[nodiscard]] std::string beginning_text(const Trainer& trainer, const TrainSettings& settings,
                                         const std::filesystem::path& out);

/// Trains to the end, calibrates the best model and writes the report; or to Ctrl-C: then saves, says how to go on, and
/// returns false. `resumed` is the folder that --resume takes. Throws Error as Trainer and RunFolder do, and says what
/// was saved before.
[[nodiscard]] bool run_to_end(Trainer& trainer, const RunFolder& folder, const TrainSettings& settings,
                              const Common& common, const std::filesystem::path& resumed);

} // namespace mien::cli
