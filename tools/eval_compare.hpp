// SPDX-License-Identifier: Apache-2.0
// `mien eval A B DATA`: whether one model is better than another, or only luckier.
#pragma once

#include "tools/cli.hpp"

#include "mien/data/read_dataset.hpp"
#include "mien/train/evaluate.hpp"

#include <filesystem>
#include <string>

namespace mien::cli {

/// Compares two models on all pictures, and on those that neither has learnt from if both files tell; the exit code.
/// Throws Error as answers() and compare() do.
int run_comparison(const std::string& a, const std::string& b, const std::filesystem::path& data,
                   const ReadOptions& reading, const EvaluateOptions& options, bool json, const Common& common);

} // namespace mien::cli
