// SPDX-License-Identifier: Apache-2.0
// Safetensors files: named tensors and a table of texts, which Python reads too.
#pragma once

#include "mien/core/tensor.hpp"

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mien {

/// What a .safetensors file holds.
///
/// A sealed file carries a digest of all its bytes in its metadata (docs/model-format.md says how another program
/// checks it): no byte of it changes unnoticed. Files that other tools wrote are not sealed.
struct Safetensors {
  std::map<std::string, std::string> metadata;         ///< without the digest
  std::vector<std::pair<std::string, Tensor>> tensors; ///< read: in the order of the file
  bool sealed = true; ///< written: with a digest; read: there was one, and it was right

  /// The tensor of that name, or null.
  [[nodiscard]] const Tensor* find(std::string_view name) const noexcept;
};

/// Reads a file held in memory: F32, BF16, U8 and I32 tensors of up to six extents, headers up to 16 MiB.
///
/// Throws Error, beginning with `name`, if the bytes are no such file, are cut short, contradict themselves or do not
/// have the digest they claim. Memory is taken only for tensors whose bytes are there.
/// Source: https://huggingface.co/docs/safetensors, section "Format".
[[nodiscard]] Safetensors parse_safetensors(std::span<const std::byte> bytes, std::string_view name);

/// Reads a file straight into its tensors. Throws Error if it cannot be read, and as parse_safetensors does.
[[nodiscard]] Safetensors read_safetensors(const std::filesystem::path& path);

/// The bytes of a file: equal contents give equal bytes, in whatever order the tensors stand.
///
/// Tensors are laid out by falling element size, then by name, each aligned to its element; the data begin at a
/// multiple of 8. Throws Error if a name is used twice or reserved (`__metadata__`, `digest`) or a text is not UTF-8.
[[nodiscard]] std::vector<std::byte> safetensors_bytes(const Safetensors& file);

/// Writes a file atomically: the old one or the new one. Throws Error if it cannot, and as safetensors_bytes does.
/// Takes no memory but the header's.
void write_safetensors(const std::filesystem::path& path, const Safetensors& file);

/// A tensor wherever it lies, and its name in a file.
struct NamedTensor {
  std::string name;
  const Tensor* tensor;
};

/// The same for a sealed file of tensors that need not be copied for it.
void write_safetensors(const std::filesystem::path& path, const std::map<std::string, std::string>& metadata,
                       std::vector<NamedTensor> tensors);

} // namespace mien
