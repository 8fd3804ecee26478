// SPDX-License-Identifier: Apache-2.0
// run.json: what a training was told, so that it can be told again.
#pragma once

#include "tools/cli.hpp"

#include "mien/train/trainer.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace mien::cli {

/// Sets every option that the file has and the command line has not; `data` becomes the file's where it is empty.
/// Throws Error if the file cannot be read, UsageError if it names an option that does not exist or a value it cannot
/// have.
void apply_run_json(const std::filesystem::path& path, Command& command, std::filesystem::path& data);

/// Every option that decides what comes out, by name, with the data's absolute path first.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> recorded_options(const Command& command,
                                                                                const std::filesystem::path& data);

/// What a run.json says beside the options.
struct RunFacts {
  std::string command{}; ///< train or tune
  std::size_t training_pictures = 0, validation_pictures = 0;
  std::string fingerprint{}; ///< of both
  int threads = 1;
};

/// Writes options, and for the reader what they were used on and where.
void write_options_json(const std::filesystem::path& path,
                        const std::vector<std::pair<std::string, std::string>>& options, const RunFacts& facts);
/// The fingerprint of the pictures in such a file; empty if it has none. Throws Error if the file cannot be read.
[[nodiscard]] std::string recorded_fingerprint(const std::filesystem::path& path);

/// Writes every option that decides what comes out, and for the reader what it was trained on and where.
void write_run_json(const std::filesystem::path& path, const Command& command, const std::filesystem::path& data,
                    const Trainer& trainer, int threads);

} // namespace mien::cli
