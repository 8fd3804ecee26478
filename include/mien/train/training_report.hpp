// SPDX-License-Identifier: Apache-2.0
// From a training to its report.
#pragma once

#include "mien/nn/classifier.hpp"
#include "mien/train/report_page.hpp"
#include "mien/train/trainer.hpp"

namespace mien {

/// Pictures as training sees them, a row a class; an empty picture for packed data, of which every page would be read.
[[nodiscard]] Image augmented_sheet(const Trainer& trainer);

/// Everything that report_html shows of a training so far. `best` is its best model, which answers once more on the
/// validation pictures. Title, options and what more is known of where it comes from are the caller's to add.
[[nodiscard]] ReportContent report_content(const Trainer& trainer, const Classifier& best);

} // namespace mien
