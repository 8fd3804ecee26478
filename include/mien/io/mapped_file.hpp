// SPDX-License-Identifier: Apache-2.0
// A file's bytes without reading them: the system brings pages when they are touched, and drops them when it is short.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace mien {

/// A whole file, mapped read-only. Moving it does not move its bytes.
///
/// The file stays as it was opened even if another takes its place or its name is removed. A program that shortens it
/// meanwhile ends this one at the next touch of what is gone (SIGBUS): replace such files, never overwrite them.
class MappedFile {
public:
  /// Throws Error with the path, the system's reason and what to do.
  explicit MappedFile(const std::filesystem::path& path);

  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return {bytes_.get(), bytes_.get_deleter().size}; }
  /// Tells the system that these bytes will soon be read in order; past the end nothing happens.
  void will_read(std::size_t begin, std::size_t size) const noexcept;

private:
  struct Unmap {
    std::size_t size; // 0 where nothing is mapped
    void operator()(const std::byte* bytes) const noexcept;
  };
  std::unique_ptr<const std::byte[], Unmap> bytes_;
};

} // namespace mien
