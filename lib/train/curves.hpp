// SPDX-License-Identifier: Apache-2.0
// Figures of the epochs as lines: one panel of a drawing.
#pragma once

#include "mien/train/history.hpp"

#include <span>
#include <string>
#include <string_view>

namespace mien::curves {

/// A figure of an epoch, and how it is drawn.
struct Curve {
  double EpochRow::*figure;
  std::string_view name;
  std::string_view line; // the CSS class of the line: `training` or `validation`
  std::string_view dot;  // that of its points: `other` or `mark`
};

inline constexpr Curve losses[] = {{&EpochRow::loss, "training", "training", "other"},
                                   {&EpochRow::val_loss, "validation", "validation", "mark"}};
inline constexpr Curve accuracies[] = {{&EpochRow::accuracy, "training", "training", "other"},
                                       {&EpochRow::val_accuracy, "validation", "validation", "mark"}};
inline constexpr Curve rates[] = {{&EpochRow::learning_rate, "learning rate", "validation", "mark"}};
inline constexpr Curve norms[] = {{&EpochRow::gradient_norm, "gradient norm", "training", "other"}};

/// CSS for the lines.
extern const std::string_view style;

/// Room that a panel takes to the left, for its values, and in all.
inline constexpr int left_margin = 64, width = 340, right_margin = 28, height = 220, above = 40, below = 60;

struct Place {
  int left = left_margin; // of the axes
  int top = above;
  bool percent = false;
  double least_ceiling = 0.01; // the values reach at least up to here
  int best_epoch = 0;          // marked; 0: none
};

/// Axes, a legend if there are several curves, and a line through the finite values of each. At least one row.
[[nodiscard]] std::string panel(std::span<const EpochRow> rows, const Place& place, std::string_view title,
                                std::span<const Curve> curves);

} // namespace mien::curves
