// SPDX-License-Identifier: Apache-2.0
// The structured parts of a model file's metadata, to and from JSON: docs/model-format.md.
#pragma once

#include "mien/data/preprocessing.hpp"
#include "mien/nn/calibration.hpp"
#include "mien/nn/model.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mien {

/// What a model is built from, without its parameters.
struct Architecture {
  Shape input;
  std::vector<LayerSpec> layers;
};

// All readers throw Error, saying which part of the metadata is wrong and how.
[[nodiscard]] std::string architecture_text(const Model& model);
[[nodiscard]] Architecture parse_architecture(std::string_view text);

[[nodiscard]] std::string preprocessing_text(const Preprocessing& preprocessing);
[[nodiscard]] Preprocessing parse_preprocessing(std::string_view text);

[[nodiscard]] std::string labels_text(const std::vector<std::string>& labels);
[[nodiscard]] std::vector<std::string> parse_labels(std::string_view text);

[[nodiscard]] std::string calibration_text(const std::optional<Calibration>& calibration);
[[nodiscard]] std::optional<Calibration> parse_calibration(std::string_view text);

[[nodiscard]] std::string provenance_text(const std::map<std::string, std::string>& provenance);
[[nodiscard]] std::map<std::string, std::string> parse_provenance(std::string_view text);

} // namespace mien
