// SPDX-License-Identifier: Apache-2.0
// Model files: safetensors whose metadata tell everything else. The format is docs/model-format.md.
#pragma once

#include "mien/nn/classifier.hpp"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace mien {

/// The version of the format that save_model writes, and the latest that load_model reads.
inline constexpr int model_format = 1;

/// Writes a model atomically: the old file or the new one. Equal models give equal bytes.
///
/// The logits stored with the golden face are those of the parameters as written, so rounding to bf16 is not a
/// deviation. Throws Error if labels, preprocessing and network do not fit together, if there is no golden face or its
/// logits are not finite, or if the file cannot be written.
void save_model(const std::filesystem::path& path, const ModelFile& file);

/// Reads what save_model wrote and runs its golden face.
///
/// Throws Error, beginning with the path, if it is no such file, damaged, of a later version, or computes
/// otherwise here: a logit off by more than 1e-3 (f32) or 5e-2 (bf16) of the largest one, at least of 1, or another
/// label. A file without digest was edited by another program: it is read, the golden face only warns, and notes says
/// so.
[[nodiscard]] ModelFile load_model(const std::filesystem::path& path);

/// The same for a file in memory, embedded in a program say; errors begin with `name`.
[[nodiscard]] ModelFile parse_model(std::span<const std::byte> bytes, std::string_view name);

} // namespace mien
