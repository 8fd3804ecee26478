// SPDX-License-Identifier: Apache-2.0
// A report with every part filled, of generated faces and drawn figures.
#pragma once

#include "mien/core/rng.hpp"
#include "mien/data/contact_sheet.hpp"
#include "mien/emotion/generated_faces.hpp"
#include "mien/emotion/labels.hpp"
#include "mien/train/report_page.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace mien::test {

/// Names that try to break out of their place.
inline const std::vector<std::string> hostile = {"<script>alert(1)</script>", "\"onload=\"x\" & 'y'", "a\x01\x1f b",
                                                 "</style></title><img src=http://x>", std::string(300, 'w')};

/// 24 epochs that learn, and begin to learn by heart.
inline std::vector<EpochRow> sample_rows() {
  std::vector<EpochRow> rows;
  for (int i = 1; i <= 24; ++i) {
    const double done = i / 24.0, rest = 1 - done;
    rows.push_back({.epoch = i,
                    .loss = 0.55 + 1.3 * rest * rest,
                    .accuracy = 0.82 - 0.55 * rest * rest,
                    .val_loss = 0.98 + 0.85 * rest * rest * rest + (i % 3) * 0.02 + 0.1 * done * done,
                    .val_accuracy = 0.66 - 0.36 * rest * rest - (i * 7 % 5) * 0.006,
                    .val_macro_f1 = 0.62 - 0.4 * rest * rest,
                    .seconds = 105.0 + i % 4,
                    .images_per_second = 245.0 + i % 7,
                    .learning_rate = i < 5 ? 0.02 * i : 0.1 * rest,
                    .gradient_norm = 2.6 - 1.9 * done + (i * 5 % 7) * 0.05});
  }
  return rows;
}

/// Answers that are right about two times of three.
inline Evaluation sample_evaluation(const std::vector<std::string>& labels, std::uint32_t pictures = 2871) {
  const auto classes = static_cast<std::uint32_t>(labels.size());
  Rng rng(3, Purpose::test);
  std::vector<std::int32_t> truth;
  std::vector<float> probabilities;
  for (std::uint32_t i = 0; i < pictures; ++i) {
    const auto t = std::min(rng.below(classes), rng.below(classes)), other = rng.below(classes);
    const auto answer = rng.uniform() < 0.6f ? t : other;
    truth.push_back(static_cast<std::int32_t>(t));
    for (std::uint32_t c = 0; c < classes; ++c)
      probabilities.push_back(c == answer ? 0.7f : 0.3f / static_cast<float>(classes - 1));
  }
  return evaluate(truth, View<const float>(probabilities.data(), Shape{pictures, classes}), labels,
                  {.seed = 1, .resamples = 100});
}

inline ReportContent sample_report(std::vector<std::string> labels = expression_classes()) {
  ReportContent content{.title = "vgg8 on generated faces, seed 1",
                        .rows = sample_rows(),
                        .validation = sample_evaluation(labels),
                        .watched = true};
  for (std::uint32_t i = 0; i < 12; ++i) {
    const std::size_t truth = i % 7 % labels.size(), answer = (truth + 1 + i % 3) % labels.size();
    content.mistakes.push_back({.picture = draw_face(i % 7, 11, i),
                                .name = "train/" + labels[truth] + "/0" + std::to_string(1200 + 37 * i) + ".png",
                                .truth = labels[truth],
                                .answer = labels[answer],
                                .probability = 0.998 - 0.013 * i,
                                .truth_probability = 0.001 + 0.004 * i});
  }
  content.augmented = preview(generated_dataset(6, 2), {}, {.rotation_degrees = 12, .zoom = 0.1f, .flip = true}, 6, 1);
  content.options = {{"net", "vgg8"},
                     {"recipe", "modern"},
                     {"epochs", "24"},
                     {"batch", "64"},
                     {"optimiser", "sgd"},
                     {"lr", "0.1"},
                     {"momentum", "0.9"},
                     {"schedule", "one-cycle"},
                     {"weight-decay", "0.0005"},
                     {"label-smoothing", "0.1"},
                     {"rotation", "12"},
                     {"zoom", "0.1"},
                     {"shift", "0.06"},
                     {"flip", "true"},
                     {"validation", "0.1"},
                     {"seed", "1"}};
  for (std::size_t c = 0; c < labels.size(); ++c)
    content.counts.push_back(
        {labels[c], 3600 - 450 * std::min<std::size_t>(c, 7), 400 - 50 * std::min<std::size_t>(c, 7)});
  content.layers = {{"conv_1", "Conv2D", "48x48x32", 320, 2.11, 3.4},
                    {"conv_2", "Conv2D", "48x48x32", 9248, 9.87, 19.6},
                    {"pool_1", "MaxPooling2D", "24x24x32", 0, 0.42, 0.66},
                    {"conv_3", "Conv2D", "24x24x64", 18496, 4.9, 9.9},
                    {"conv_4", "Conv2D", "24x24x64", 36928, 9.4, 18.8},
                    {"global_average_pooling", "GlobalAveragePooling2D", "256", 0, 0.03, 0.04},
                    {"dense", "Dense", "7", 1799, 0.01, 0.02}};
  content.troubles = {{"It begins to learn by heart",
                       "Validation loss has risen for 4 epochs, from 0.981 to 1.062, while training loss fell to 0.55.",
                       "more --rotation, --zoom and --shift, or fewer --epochs."},
                      {"One class is hardly ever answered",
                       "`disgust` was answered for 3 of 2,871 validation pictures, and is shown by 55.",
                       "--class-weights, or more pictures of it."}};
  content.provenance = {{"version", "0.1.0"},
                        {"kernels", "avx2"},
                        {"threads", "2"},
                        {"data", "d41d8cd98f00b204e9800998ecf8427ed41d8cd98f00b204e9800998ecf8427e"}};
  return content;
}

} // namespace mien::test
