// SPDX-License-Identifier: Apache-2.0
// Packed files for tests, and how to damage them.
#pragma once

#include "mien/data/pack_writer.hpp"
#include "mien/data/packed_pictures.hpp"
#include "tests/support/files.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace mien::test {

/// Packs a dataset, and opens the pack.
inline Dataset make_pack(const std::filesystem::path& path, const Dataset& data) {
  PackWriter writer(path, data.classes, data.height, data.width, data.channels);
  for (std::size_t i = 0; i < data.size(); ++i) writer.add(data.picture(i), data.label(i), data.name(i));
  writer.finish();
  return open_packed(path);
}

/// Replaces a file, so that a mapping of the old one stays whole.
inline void replace_file(const std::filesystem::path& path, const std::string& bytes) {
  std::filesystem::remove(path);
  std::ofstream(path, std::ios::binary) << bytes;
}

/// Turns one bit of the file.
inline void damage(const std::filesystem::path& path, std::size_t offset) {
  auto bytes = file_text(path);
  bytes.at(offset) = static_cast<char>(bytes.at(offset) ^ 4);
  replace_file(path, bytes);
}

} // namespace mien::test
