// SPDX-License-Identifier: Apache-2.0
// An evaluation as a person reads it: text for a terminal, drawings for a page.
#pragma once

#include "mien/train/metrics.hpp"

#include <string>

namespace mien {

/// The figures with their counts and intervals, in percent, and the table of the classes; says what was 0/0.
[[nodiscard]] std::string figures_text(const Evaluation& evaluation);

/// The confusion matrix as text: rows the truth, columns the answers, each row shaded by its shares if `coloured`.
[[nodiscard]] std::string confusion_text(const Evaluation& evaluation, bool coloured = false);

/// The confusion matrix as a self-contained SVG: counts, shaded by their share of the row, on a light or a dark page.
[[nodiscard]] std::string confusion_svg(const Evaluation& evaluation);

} // namespace mien
