// SPDX-License-Identifier: Apache-2.0
// A packed file: labelled pictures in one file that is mapped, not read. docs/packed-data.md describes its bytes.
#pragma once

#include "mien/io/mapped_file.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace mien {

/// What a packed file says about itself at its beginning.
struct PackedHeader {
  std::vector<std::string> classes;
  std::vector<std::size_t> class_counts; ///< pictures of each class
  int height = 0;
  int width = 0;
  int channels = 1;
  std::size_t count = 0;
  std::string part;        ///< of the data it was packed from: train, test or all
  std::string fingerprint; ///< of all its pictures and labels: 32 hex digits
  std::uint64_t names_bytes = 0;

  [[nodiscard]] std::size_t picture_bytes() const noexcept {
    return static_cast<std::size_t>(height) * static_cast<std::size_t>(width) * static_cast<std::size_t>(channels);
  }
};

/// What a packed file says about one picture beside its pixels.
struct PackedEntry {
  std::uint64_t digest = 0; ///< of the pixels; equal for copies
  std::int32_t label = 0;
};

/// A packed file, open. Many threads may read it.
///
/// Opening checks the header and that the file is as long as it says, whatever its size, in the same short time.
/// Pictures are checked one by one whenever they are read.
class PackedFile {
public:
  /// Throws Error, with what to do, if the file is missing, no packed file, of a later version, damaged, or cut short,
  /// in which case it says how many whole pictures are there.
  explicit PackedFile(const std::filesystem::path& path);

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] const PackedHeader& header() const noexcept { return header_; }
  [[nodiscard]] std::size_t size() const noexcept { return header_.count; }
  /// The pixels of a picture, NHWC, in the mapped file.
  /// Throws Error, with the file, the record, the picture's name and the offset, if they are not those that were
  /// packed.
  [[nodiscard]] std::span<const std::uint8_t> picture(std::size_t record) const;
  /// Label and digest of a picture. Throws Error as picture() does if they are not those that were packed.
  [[nodiscard]] PackedEntry entry(std::size_t record) const;
  /// Where a picture came from; empty if that part of the file is damaged.
  [[nodiscard]] std::string name(std::size_t record) const;
  /// Tells the system that all entries, or all of the file, will soon be read in order.
  void will_read_entries() const noexcept;
  void will_read_all() const noexcept;

private:
  [[noreturn]] void throw_damaged(std::size_t record, std::uint64_t offset, const char* what) const;

  std::filesystem::path path_;
  MappedFile file_;
  PackedHeader header_;
  std::uint64_t pixels_at_ = 0, entries_at_ = 0, offsets_at_ = 0, names_at_ = 0;
};

} // namespace mien
