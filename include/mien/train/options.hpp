// SPDX-License-Identifier: Apache-2.0
// The recipe of a training.
#pragma once

#include "mien/data/augment.hpp"

#include <cstdint>
#include <string>

namespace mien {

/// What, together with the data, the network and its first weights, decides every bit of the outcome.
struct TrainOptions {
  int epochs = 30; ///< how often every picture is seen
  int batch = 32;  ///< pictures a step; an epoch's last step takes what is left
  double learning_rate = 1e-3;
  Augmentation augmentation{.rotation_degrees = 10, .zoom = 0.1f, .flip = true};
  std::uint64_t seed = 1; ///< of order, augmentation and dropout

  friend bool operator==(const TrainOptions&, const TrainOptions&) = default;
};

/// Throws Error unless there is at least one epoch, one picture a batch, and a rate above 0; and as check(augmentation)
/// does.
void check(const TrainOptions& options);

/// One line that a person reads: `batch 32, Adam 0.001, rotation 10, zoom 0.1, flip, seed 1`. It is equal where all
/// options but the number of epochs are, which changes nothing in the epochs before.
[[nodiscard]] std::string recipe_text(const TrainOptions& options);

} // namespace mien
