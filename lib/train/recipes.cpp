// SPDX-License-Identifier: Apache-2.0
// The recipes by name.
#include "mien/train/options.hpp"

#include "mien/core/error.hpp"

#include <array>

namespace mien {
namespace {

/// What trains networks with batch normalisation best on FER2013: docs/accuracy.md.
TrainOptions modern() {
  return {.epochs = 30,
          .batch = 64,
          .learning_rate = 0.1,
          .optimizer = {.kind = OptimizerKind::sgd, .momentum = 0.9, .nesterov = true, .weight_decay = 5e-4},
          .schedule = {.kind = ScheduleKind::one_cycle, .rise_share = 0.15},
          .label_smoothing = 0.1,
          .augmentation = {.rotation_degrees = 12, .zoom = 0.1f, .shift = 0.06f, .flip = true, .erase = 0.2f}};
}

} // namespace

std::span<const Recipe> recipes() {
  static const std::array all{
      Recipe{.name = "seed", .about = "the field's: Adam at a constant rate, for an hour of learning", .net = "seed"},
      Recipe{.name = "modern",
             .about = "SGD with Nesterov momentum over one cycle, weight decay, smoothed labels, standardised pictures",
             .net = "vgg8",
             .standardize = true,
             .options = modern()}};
  return all;
}

const Recipe& recipe_named(std::string_view name) {
  std::string known;
  for (const auto& recipe : recipes()) {
    if (recipe.name == name) return recipe;
    known += (known.empty() ? "" : ", ") + std::string(recipe.name);
  }
  throw Error(concat("there is no recipe \"", name, "\"; there are ", known));
}

} // namespace mien
