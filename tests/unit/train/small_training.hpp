// SPDX-License-Identifier: Apache-2.0
// A training that takes milliseconds: generated faces of 16x16, a network of a thousand weights.
#pragma once

#include "mien/emotion/generated_faces.hpp"
#include "mien/nn/layers.hpp"
#include "mien/train/run_folder.hpp"
#include "mien/train/trainer.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace mien::test {

inline const Preprocessing small_pictures{.height = 16, .width = 16};

inline Model small_network(std::uint64_t seed = 1) {
  return Model({16, 16, 1},
               {conv2d({.filters = 4, .activation = Activation::relu}), max_pooling2d(), dropout({.rate = 0.1}),
                flatten(), dense({.units = 7})},
               seed);
}

/// 21 pictures and batches of 8: three steps an epoch, the last one short.
inline TrainOptions small_recipe() { return {.epochs = 2, .batch = 8, .learning_rate = 0.01, .seed = 5}; }

inline Trainer small_trainer(const TrainOptions& recipe = small_recipe(), int threads = 1) {
  return Trainer(small_network(), small_pictures, generated_dataset(3, 1, 16), generated_dataset(2, 1, 16, 100), recipe,
                 threads);
}

/// The same with what a modern network and recipe have: statistics, and all that a step or an epoch adds.
inline Model normalised_network() {
  return Model({16, 16, 1}, {conv2d({.filters = 4, .use_bias = false}),
                             batch_normalization({.momentum = 0.9, .activation = Activation::relu}), max_pooling2d(),
                             dropout({.rate = 0.1}), flatten(), dense({.units = 7})});
}

inline TrainOptions modern_recipe() {
  return {.epochs = 3,
          .batch = 8,
          .learning_rate = 0.05,
          .optimizer = {.kind = OptimizerKind::sgd, .weight_decay = 5e-4, .clip_norm = 5},
          .schedule = {.kind = ScheduleKind::one_cycle},
          .label_smoothing = 0.1,
          .class_weights = ClassWeights::balanced,
          .weight_average = 0.9,
          .augmentation = {.shift = 0.1f, .erase = 0.25f},
          .seed = 5};
}

inline Trainer modern_trainer(const TrainOptions& recipe = modern_recipe(), int threads = 1,
                              const Preprocessing& pictures = small_pictures) {
  return Trainer(normalised_network(), pictures, generated_dataset(3, 1, 16), generated_dataset(2, 1, 16, 100), recipe,
                 threads);
}

/// Everything that must not differ between two trainings: weights and figures, times apart.
inline bool same_bits(const Trainer& a, const Trainer& b) {
  auto without_times = [](std::vector<EpochRow> rows) {
    for (auto& row : rows) row.seconds = row.images_per_second = 0;
    return rows;
  };
  const auto x = without_times(a.progress().rows), y = without_times(b.progress().rows);
  return std::equal(a.model().parameters().begin(), a.model().parameters().end(), b.model().parameters().begin()) &&
         a.progress().epoch == b.progress().epoch && a.progress().step == b.progress().step &&
         a.progress().loss_sum == b.progress().loss_sum && a.progress().correct == b.progress().correct &&
         log_csv(x) == log_csv(y);
}

} // namespace mien::test
