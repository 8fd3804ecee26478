// SPDX-License-Identifier: Apache-2.0
// The recipe of a training.
#pragma once

#include "mien/data/augment.hpp"
#include "mien/nn/optimizer.hpp"
#include "mien/train/schedule.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mien {

/// How much a picture counts in the loss.
enum class ClassWeights : std::uint8_t {
  none,    ///< every picture the same
  balanced ///< n / (K count of its class): every class the same, which lifts macro F1 and lowers accuracy
};

/// What, together with the data, the network and its first weights, decides every bit of the outcome.
struct TrainOptions {
  int epochs = 30;             ///< how often every picture is seen
  int batch = 32;              ///< pictures a step; an epoch's last step takes what is left
  double learning_rate = 1e-3; ///< the highest; the schedule says how it changes
  OptimizerSettings optimizer{};
  Schedule schedule{};
  double label_smoothing = 0; ///< the share of each target that is spread over all classes
  ClassWeights class_weights = ClassWeights::none;
  double weight_average = 0; ///< how much of itself an exponential average of the weights keeps a step; 0: none
  int patience = 0;          ///< epochs without progress on validation after which it ends; 0: never before the last
  std::vector<std::string>
      frozen{}; ///< layers that stay as they are: names, `conv2d*`, or `features`; see frozen_nodes
  /// Where the list of a convolution's algorithms is begun: `direct` leaves out Winograd's, whose sums round
  /// differently.
  std::string algorithm{};
  Augmentation augmentation{.rotation_degrees = 10, .zoom = 0.1f, .flip = true};
  std::uint64_t seed = 1; ///< of order, augmentation and dropout

  friend bool operator==(const TrainOptions&, const TrainOptions&) = default;
};

/// Throws Error unless there is at least one epoch, one picture a batch, a rate above 0, smoothing and average in
/// [0, 1); and as check() of the optimiser, the schedule and the augmentation does.
void check(const TrainOptions& options);

/// One line that a person reads: `batch 32, Adam 0.001, rotation 10, zoom 0.1, flip, seed 1`. It is equal where all
/// options are but those that change nothing in the epochs before: patience, and the number of epochs unless the
/// schedule depends on it.
[[nodiscard]] std::string recipe_text(const TrainOptions& options);

/// A recipe by its name: options, and what goes with them.
struct Recipe {
  std::string_view name;
  std::string_view about;
  std::string_view net;     ///< see network_named
  bool standardize = false; ///< see Preprocessing
  TrainOptions options{};
};

/// The recipes there are: `seed`, the field's, and `modern`.
[[nodiscard]] std::span<const Recipe> recipes();
/// The recipe of this name. Throws Error for another, listing those there are.
[[nodiscard]] const Recipe& recipe_named(std::string_view name);

} // namespace mien
