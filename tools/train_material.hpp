// SPDX-License-Identifier: Apache-2.0
// What a training begins with: the pictures on both sides of the cut, and the network that learns from them.
#pragma once

#include "tools/train_settings.hpp"

#include "mien/data/dataset.hpp"
#include "mien/nn/model.hpp"

namespace mien::cli {

struct TrainMaterial {
  Model model;
  Preprocessing preprocessing;
  Dataset train, validation;
  PictureSet seen; ///< their pictures, and those of the model that is trained further; empty: not known
};

/// Reads pictures, cuts them in two, and builds or loads the network; says what was found, and what few pictures are
/// worth.
[[nodiscard]] TrainMaterial prepare_training(const TrainSettings& settings, const Common& common);

/// All pictures to learn from, cleaned and not yet cut, and how they were prepared: for several trainings on them.
struct ReadPictures {
  Preprocessing preprocessing;
  Dataset data;
};
[[nodiscard]] ReadPictures read_pictures(const TrainSettings& settings, const Common& common);

/// Cuts such pictures in two, and builds or loads the network; what prepare_training() says is said by tell_of().
[[nodiscard]] TrainMaterial cut_pictures(Dataset data, const TrainSettings& settings, const Common& common);
void tell_of(const TrainMaterial& material, const TrainSettings& settings, const Common& common);

/// The network and the preprocessing of other settings, on pictures that were read already: for the trials of a search.
[[nodiscard]] TrainMaterial prepare_again(const TrainMaterial& read, const TrainSettings& settings,
                                          const Common& common);

} // namespace mien::cli
