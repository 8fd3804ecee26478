// SPDX-License-Identifier: Apache-2.0
// Probable label errors as a list, as a sheet of pictures, and in words.
#pragma once

#include "mien/data/contact_sheet.hpp"
#include "mien/train/label_errors.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace mien::cli {

/// name,given,suggested,probability_given,probability_suggested,margin: a line each, the most probable first.
[[nodiscard]] std::string label_errors_csv(const LabelErrors& found, const Answers& answers, const Dataset& data);
/// The most probable, 64 at most, in rows of those with the same two labels.
[[nodiscard]] std::vector<SheetRow> label_error_rows(const LabelErrors& found, const Dataset& data);
/// How many there are, which labels they mix up most, and what to do with them. `accuracy` is that of
/// the answers by which they were found: of a poor model, most of what it contradicts is right.
[[nodiscard]] std::string label_errors_text(const LabelErrors& found, const Dataset& data, double accuracy);

/// Writes label-errors.csv and, if there are any, label-errors.png. Throws Error if a file cannot be written.
void write_label_errors(const std::filesystem::path& folder, const LabelErrors& found, const Answers& answers,
                        const Dataset& data);

} // namespace mien::cli
