// SPDX-License-Identifier: Apache-2.0
// Faces in, names and probabilities out: what eval, predict and the camera know of a model.
#pragma once

#include "mien/data/picture_set.hpp"
#include "mien/data/preprocessing.hpp"
#include "mien/nn/calibration.hpp"
#include "mien/nn/model.hpp"
#include "mien/nn/workspace.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mien {

/// What a model file holds: a network, how its pictures are prepared, and what its outputs are called.
struct ModelFile {
  Model model;
  Preprocessing preprocessing;
  std::vector<std::string> labels; ///< one an output
  /// Where it comes from: data fingerprint, seed, options, figures, version, kernels; free text by name.
  std::map<std::string, std::string> provenance;
  /// A generated face, of any size: its logits are stored, and checked whenever the file is loaded.
  Image golden_face{};
  /// How the file keeps the parameters: f32, or bf16, which takes half the room.
  DType weights = DType::f32;
  /// The pictures that it has learnt from or that have chosen its epoch, prepared; empty: not known.
  PictureSet seen{};
  /// What makes its probabilities honest; none: they are softmax(logits).
  std::optional<Calibration> calibration{};
  /// What loading noticed and save_model does not write: that there was no digest, say.
  std::vector<std::string> notes{};
};

/// Names faces: bytes in, one probability a label out. Many threads may call one const Classifier, each with a Session.
class Classifier {
public:
  explicit Classifier(ModelFile file);
  /// Reads a model file. Throws Error as load_model does.
  [[nodiscard]] static Classifier load(const std::filesystem::path& path);

  [[nodiscard]] const ModelFile& file() const noexcept { return *file_; }
  [[nodiscard]] std::span<const std::string> labels() const noexcept { return file_->labels; }
  [[nodiscard]] const Preprocessing& preprocessing() const noexcept { return file_->preprocessing; }

  /// The same model, its convolutions' list of algorithms begun at this one: `direct`, say. Throws Error for one that
  /// there is not, listing those there are.
  [[nodiscard]] Classifier beginning_with(std::string_view algorithm) const;

  /// The memory of one caller; makes calls after the first free of allocation.
  class Session {
  public:
    Session(const Classifier& classifier, std::int64_t batch = 32, int threads = 1);
    /// The probabilities of n faces, any number, each of preprocessing()'s height * width * channels bytes.
    ///
    /// Returns (n, labels) numbers whose rows sum to 1, valid until the next call; their bits do not depend on how
    /// faces are batched. Throws Error if the bytes are not a whole number of faces.
    [[nodiscard]] View<const float> probabilities(std::span<const std::uint8_t> faces);

    /// What runs, the file's model with its batch normalisations folded into other layers, and in which memory.
    [[nodiscard]] const Model& model() const noexcept { return *model_; }
    [[nodiscard]] const Workspace& workspace() const noexcept { return workspace_; }

  private:
    [[nodiscard]] View<const float> cooled(View<const float> logits);

    std::shared_ptr<const ModelFile> file_;
    std::shared_ptr<const Model> model_;
    Workspace workspace_;
    Tensor results_;
    std::vector<float> cooled_; ///< logits over the temperature, where there is one
  };

private:
  void pack();
  [[nodiscard]] Plan plan(std::int64_t batch) const;

  std::shared_ptr<const ModelFile> file_;
  std::shared_ptr<const Model> model_; ///< what runs: the file's, its batch normalisations folded into other layers
  std::string algorithm_{};            ///< see beginning_with
  std::shared_ptr<const PackedParameters> packed_; ///< its parameters as the layers would rather have them
};

} // namespace mien
