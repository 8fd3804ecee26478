// SPDX-License-Identifier: Apache-2.0
// What a training has reached, epoch by epoch, and its drawing.
#pragma once

#include <span>
#include <string>

namespace mien {

/// One epoch of a training: a row of log.csv. Accuracies and F1 are fractions; figures of `val_` are the validation's.
struct EpochRow {
  int epoch = 0; ///< counted from 1
  double loss = 0;
  double accuracy = 0;
  double val_loss = 0;
  double val_accuracy = 0;
  double val_macro_f1 = 0;
  double seconds = 0; ///< of this epoch alone
  double images_per_second = 0;
  double learning_rate = 0;
  double gradient_norm = 0; ///< mean over the epoch's steps of the global gradient norm before clipping
};

/// Draws loss and accuracy of training and validation over the epochs: two panels, one self-contained SVG.
///
/// Text is selectable, every point names its value when pointed at, colours follow the reader's light or dark page. A
/// value that is not finite leaves a gap. No rows give a drawing that says so.
[[nodiscard]] std::string curves_svg(std::span<const EpochRow> rows);

} // namespace mien
