// SPDX-License-Identifier: Apache-2.0
// Writing a packed file picture by picture.
#pragma once

#include "mien/data/packed_file.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/io/digest.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mien {

/// Writes a packed file in flat memory, however many pictures it takes: whole in its place after finish(), else not
/// there.
///
/// Entries and names gather in two more temporary files beside it, so a pack needs its room and, for a moment, 24 bytes
/// and a name more for each picture. The same pictures give the same bytes.
class PackWriter {
public:
  /// Pictures of these classes and extents will come. Throws Error if the file cannot be written.
  PackWriter(const std::filesystem::path& path, std::vector<std::string> classes, int height, int width, int channels,
             std::string_view part = "all");
  /// Throws Error for a label that is no class, pixels of another size, or a full disk.
  void add(std::span<const std::uint8_t> pixels, std::int32_t label, std::string_view name);
  /// Completes the file and gives it its name. Throws Error if there is no picture, or if the file cannot be written.
  void finish();
  [[nodiscard]] std::size_t size() const noexcept { return header_.count; }

private:
  PackedHeader header_;
  std::string path_;
  std::size_t json_bytes_;
  AtomicFile file_, entries_, offsets_, names_; // the last three are never committed
  Digest digest_;
};

} // namespace mien
