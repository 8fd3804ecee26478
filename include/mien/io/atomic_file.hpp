// SPDX-License-Identifier: Apache-2.0
// Whole files: read at once, and written so that a reader finds the old one or the new one, never half of one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace mien {

/// Whether a written file must outlive a power cut. Waiting for the disk costs some ten milliseconds: a model is worth
/// it, thousands of pictures that can be drawn again are not.
enum class Flush { now, later };

/// Writes a file whole or not at all.
///
/// The bytes go to a temporary file in the same folder, are flushed to the disk (with Flush::now), and then take the
/// place of `path` in one step; the folder is flushed too. If anything fails (a full disk, say) the temporary
/// file is removed and what stood at `path` before is untouched. A link is followed; a device or pipe is simply written
/// to. Throws Error with the path, the system's reason and what to do.
void write_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes, Flush flush = Flush::now);
void write_atomically(const std::filesystem::path& path, std::string_view text, Flush flush = Flush::now);
/// Pieces one behind the other.
void write_atomically(const std::filesystem::path& path, std::span<const std::span<const std::byte>> pieces,
                      Flush flush = Flush::now);

/// Adds bytes at the end of a file that is there, in place, and flushes them: whoever reads along sees them arrive.
///
/// If that fails half-way, a part of them may stand there. Throws Error with the path, the system's reason and what to
/// do.
void append_to_file(const std::filesystem::path& path, std::span<const std::byte> bytes);

/// A file too large for memory, written piece by piece: whole in its place after commit(), and until then not there.
///
/// As write_atomically(), but for plain files alone. Every function throws Error with the path, the system's reason and
/// what to do.
class AtomicFile {
public:
  explicit AtomicFile(const std::filesystem::path& path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  /// Without commit() what was written is removed.
  ~AtomicFile();

  /// Puts bytes behind those written so far; small pieces are gathered.
  void write(std::span<const std::byte> bytes);
  /// How many bytes write() has taken.
  [[nodiscard]] std::uint64_t size() const noexcept;
  /// Replaces bytes that were written, and reads them again.
  void write_at(std::uint64_t offset, std::span<const std::byte> bytes);
  void read_at(std::uint64_t offset, std::span<std::byte> bytes);
  /// Gives the file its name. Nothing may follow but the destructor.
  void commit(Flush flush = Flush::now);

private:
  struct Open;
  std::unique_ptr<Open> open_;
};

/// The bytes of a file. Throws Error with the path, the system's reason and what to do.
[[nodiscard]] std::vector<std::byte> read_file(const std::filesystem::path& path);

} // namespace mien
