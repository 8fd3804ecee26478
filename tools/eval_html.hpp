// SPDX-License-Identifier: Apache-2.0
// `mien eval --html`: the report of an evaluation.
#pragma once

#include "tools/cli.hpp"

#include "mien/data/read_dataset.hpp"
#include "mien/train/evaluation_report.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace mien::cli {

/// What a report is made of.
struct Measured {
  std::string model; ///< as the command line names it
  const Classifier& classifier;
  const std::filesystem::path& path; ///< of the data
  const ReadData& read;
  const Answers& answers;
  const Evaluation& evaluation;
  const std::optional<RatedEvaluation>& votes;
};

/// Writes the page.
void write_evaluation(const std::filesystem::path& file, const Measured& measured, const Common& common);

} // namespace mien::cli
