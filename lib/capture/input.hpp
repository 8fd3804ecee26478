// SPDX-License-Identifier: Apache-2.0
// Bytes that come in order, from a file, a pipe, another program or memory.
#pragma once

#include "lib/io/bytes.hpp"
#include "lib/io/descriptor.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mien {

/// Where bytes come from.
class ByteSource {
public:
  virtual ~ByteSource() = default;
  /// Puts the next bytes into `bytes`, as many as there are now, and says how many; 0 only at the end. Throws Error.
  virtual std::size_t read(std::span<std::byte> bytes) = 0;
  /// Passes over bytes without reading them, if that can be done; how many. Throws Error.
  virtual std::uint64_t skip(std::uint64_t) { return 0; }
  /// How many bytes there are from the beginning to the end; 0 where that is not known.
  [[nodiscard]] virtual std::uint64_t size() const { return 0; }
};

/// A file, or standard input where the path is `-`.
class FileSource final : public ByteSource {
public:
  /// Throws Error with the path, the system's reason and what to do.
  explicit FileSource(const std::filesystem::path& path);
  std::size_t read(std::span<std::byte> bytes) override;
  std::uint64_t skip(std::uint64_t count) override;
  [[nodiscard]] std::uint64_t size() const override { return size_; }

private:
  std::filesystem::path path_;
  std::optional<Descriptor> file_; // none: standard input
  int fd_;
  std::uint64_t size_ = 0, at_ = 0;
};

/// Reads a source through a buffer. Every function takes what there is: at the end, less than was asked for.
class Input {
public:
  explicit Input(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {}

  /// The next bytes without taking them, at most `buffer_bytes`.
  [[nodiscard]] Bytes peek(std::size_t count);
  /// The next bytes, in memory that is used again and taken as they come: a length that a file only claims takes none.
  void read(std::vector<std::byte>& bytes, std::size_t count);
  /// Passes over bytes; how many.
  std::uint64_t skip(std::uint64_t count);
  /// A line without its end; nothing if none ends within `most` bytes.
  [[nodiscard]] std::optional<std::string> line(std::size_t most);
  [[nodiscard]] std::uint64_t size() const { return source_->size(); }

  static constexpr std::size_t buffer_bytes = 1 << 16;

private:
  bool fill();
  std::size_t take(std::span<std::byte> bytes);

  std::unique_ptr<ByteSource> source_;
  std::vector<std::byte> buffer_;
  std::size_t begin_ = 0;
};

} // namespace mien
