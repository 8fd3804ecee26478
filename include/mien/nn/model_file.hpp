// SPDX-License-Identifier: Apache-2.0
// Model files: safetensors whose metadata tell everything else. The format is docs/model-format.md.
#pragma once

#include "mien/nn/classifier.hpp"

#include <filesystem>

namespace mien {

struct SaveOptions {
  DType weights = DType::f32; ///< or bf16: half the size
  Image golden_face;          ///< a generated face, of any size; its logits are stored and checked on load
};

/// Writes a model atomically: the old file or the new one. Throws Error if it cannot.
void save_model(const std::filesystem::path& path, const ModelFile& file, const SaveOptions& options);

/// Reads what save_model wrote and runs its golden face. Throws Error as Classifier::load does.
[[nodiscard]] ModelFile load_model(const std::filesystem::path& path);

} // namespace mien
