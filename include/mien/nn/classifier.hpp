// SPDX-License-Identifier: Apache-2.0
// Faces in, names and probabilities out: what eval, predict and the camera know of a model.
#pragma once

#include "mien/data/preprocessing.hpp"
#include "mien/nn/model.hpp"
#include "mien/nn/workspace.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mien {

/// What a model file holds: a network, how its pictures are prepared, and what its outputs are called.
struct ModelFile {
  Model model;
  Preprocessing preprocessing;
  std::vector<std::string> labels;               ///< one an output
  std::map<std::string, std::string> provenance; ///< data fingerprint, seed, options, figures, version, kernels: free text by name
  std::vector<std::string> notes{};              ///< what loading noticed: "no digest: the file was edited", say
};

/// Names faces: bytes in, one probability a label out. Many threads may call one const Classifier, each with a Session.
class Classifier {
public:
  explicit Classifier(ModelFile file);
  /// Reads a model file; throws Error with a sentence if it is no such file, damaged, of a later version, or computes wrongly here.
  [[nodiscard]] static Classifier load(const std::filesystem::path& path);

  [[nodiscard]] const ModelFile& file() const noexcept { return *file_; }
  [[nodiscard]] std::span<const std::string> labels() const noexcept { return file_->labels; }
  [[nodiscard]] const Preprocessing& preprocessing() const noexcept { return file_->preprocessing; }

  /// The memory of one caller; makes calls after the first free of allocation.
  class Session {
  public:
    Session(const Classifier& classifier, std::int64_t batch = 32, int threads = 1);
    /// faces: n pictures of preprocessing().height * width * channels bytes. Returns (n, labels) probabilities, rows sum to 1.
    /// n may be any number; bits do not depend on how faces are batched. The view is valid until the next call.
    [[nodiscard]] View<const float> probabilities(std::span<const std::uint8_t> faces);

  private:
    std::shared_ptr<const ModelFile> file_;
    Workspace workspace_;
    Tensor results_;
  };

private:
  std::shared_ptr<const ModelFile> file_;
};

} // namespace mien
