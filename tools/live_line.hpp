// SPDX-License-Identifier: Apache-2.0
// The live line of a running training: its text alone, in the columns there are.
#pragma once

#include "mien/train/trainer.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace mien::cli {

/// A character a number, low to high from the least to the greatest of them; a blank where one is not finite.
///
/// The last `cells` numbers are shown: as Unicode blocks, or as ASCII characters of growing weight.
[[nodiscard]] std::string sparkline(std::span<const double> numbers, std::size_t cells, bool unicode);

/// Columns of a terminal that a UTF-8 text takes, if none of its characters is wide.
[[nodiscard]] std::size_t columns(std::string_view text) noexcept;
/// The beginning of a UTF-8 text, in at most this many columns.
[[nodiscard]] std::string clipped(std::string_view text, std::size_t columns);

/// Whether the environment (LC_ALL, LC_CTYPE, LANG: the first that says something) asks for UTF-8.
[[nodiscard]] bool has_unicode();

/// Cells of a sparkline.
inline constexpr std::size_t spark_cells = 20;

/// What the live line tells.
struct LiveLine {
  StepReport step;
  int epochs = 1;
  double images_per_second = 0;
  std::string time_left;
  std::span<const double> losses;     ///< of this epoch so far
  std::span<const double> accuracies; ///< on validation, one an epoch finished
};

/// The line in at most `width` columns: sparklines go first, that of the loss before that of the epochs; then its end.
[[nodiscard]] std::string live_line(const LiveLine& line, std::size_t width, bool unicode);

} // namespace mien::cli
