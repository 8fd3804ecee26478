// SPDX-License-Identifier: Apache-2.0
// Three epochs for an events file.
#pragma once

#include "mien/train/events_file.hpp"
#include "tests/support/pictures.hpp"

#include <vector>

namespace mien::test {

inline std::vector<EpochRow> three_epochs() {
  std::vector<EpochRow> rows;
  for (int i = 1; i <= 3; ++i)
    rows.push_back({.epoch = i,
                    .loss = 2.0 / i,
                    .accuracy = 0.25 * i,
                    .val_loss = 2.5 / i,
                    .val_accuracy = 0.125 * i,
                    .val_macro_f1 = 0.0625 * i,
                    .seconds = 10,
                    .images_per_second = 1000,
                    .learning_rate = 0.5 / i,
                    .gradient_norm = 4.0 / i});
  return rows;
}

inline const EventsOptions noted{.started = 1.7e9, .settings = {{"batch", "32"}}, .augmented = test::noise(6, 4, 3)};

} // namespace mien::test
