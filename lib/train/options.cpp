// SPDX-License-Identifier: Apache-2.0
// The recipe as a sentence.
#include "mien/train/options.hpp"

#include "mien/core/error.hpp"

#include <fmt/format.h>

namespace mien {

void check(const TrainOptions& options) {
  if (options.epochs < 1) throw Error(concat("training: ", options.epochs, " epochs; at least 1 is needed"));
  if (options.batch < 1) throw Error(concat("training: a batch of ", options.batch, " pictures; at least 1 is needed"));
  if (!(options.learning_rate > 0)) // NaN is not
    throw Error(concat("training: a learning rate of ", options.learning_rate, "; it must be more than 0"));
  check(options.augmentation);
}

std::string recipe_text(const TrainOptions& options) {
  const auto& augmentation = options.augmentation;
  auto text = fmt::format("batch {}, Adam {}", options.batch, options.learning_rate);
  if (augmentation.rotation_degrees > 0) text += fmt::format(", rotation {}", augmentation.rotation_degrees);
  if (augmentation.zoom > 0) text += fmt::format(", zoom {}", augmentation.zoom);
  if (augmentation.shift > 0) text += fmt::format(", shift {}", augmentation.shift);
  if (augmentation.flip) text += ", flip";
  if (augmentation.shear_degrees > 0) text += fmt::format(", shear {}", augmentation.shear_degrees);
  if (augmentation.crop > 0) text += fmt::format(", crop {}", augmentation.crop);
  if (augmentation.brightness > 0) text += fmt::format(", brightness {}", augmentation.brightness);
  if (augmentation.contrast > 0) text += fmt::format(", contrast {}", augmentation.contrast);
  if (augmentation.erase > 0) text += fmt::format(", erase {}", augmentation.erase);
  return text + fmt::format(", seed {}", options.seed);
}

} // namespace mien
