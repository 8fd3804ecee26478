// SPDX-License-Identifier: Apache-2.0
// What several subcommands take in: models, labelled pictures, augmentation.
#pragma once

#include "tools/cli.hpp"

#include "mien/data/augment.hpp"
#include "mien/data/read_dataset.hpp"
#include "mien/nn/classifier.hpp"
#include "mien/ops/conv2d.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace mien::cli {

/// `--algorithm`: where the list of a convolution's algorithms is begun.
class AlgorithmFlag {
public:
  void bind(Command& command);
  [[nodiscard]] std::string value() const; ///< empty: at its head

private:
  std::string name_{conv2d_algorithms().front().name};
};

/// The options that say how training pictures vary, and their values. The defaults are those of training.
class AugmentationFlags {
public:
  AugmentationFlags() = default;
  explicit AugmentationFlags(const Augmentation& defaults) : bounds_(defaults) {}
  /// Adds --rotation, --zoom and the rest under a title of their own.
  void bind(Command& command);
  [[nodiscard]] Augmentation value() const;

private:
  Augmentation bounds_{.rotation_degrees = 10, .zoom = 0.1f, .flip = true};
  bool no_flip_ = false;
};

/// Loads what MODEL means: a file, the folder of a run, or `-`, the model that mien ships. What loading noticed is said
/// as a warning. Throws Error as Classifier::load and shipped_classifier do.
[[nodiscard]] Classifier load_classifier(const std::string& model);
/// From which probability on the model may answer if no more than `risk` of its answers are to be wrong. Throws Error
/// if the model is not calibrated, or never so sure.
[[nodiscard]] double threshold_of(const Classifier& classifier, double risk);
/// How large the file is that MODEL means.
[[nodiscard]] std::uintmax_t model_bytes(const std::string& model);

/// How pictures are prepared for a network that comes without a record of it: in the size it takes. Throws Error,
/// beginning with `net`, if it takes something else.
[[nodiscard]] Preprocessing preprocessing_for(const Model& model, const std::string& net);

/// Says what was noted while pictures were read, and names every one that was left out.
void say_report(const ReadReport& report, const Common& common);

/// Reads labelled pictures with a live line, says what was noted, and names every picture that was left out.
[[nodiscard]] ReadData read_data(const std::filesystem::path& path, DataPart part, ReadOptions options,
                                 const Common& common);

} // namespace mien::cli
