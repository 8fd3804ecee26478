// SPDX-License-Identifier: Apache-2.0
#include "mien/io/atomic_file.hpp"

#include "lib/io/descriptor.hpp"
#include "mien/core/error.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>

#include <sys/stat.h>

namespace mien {
namespace {

namespace fs = std::filesystem;

std::string advice(int reason) {
  switch (reason) {
  case ENOSPC:
  case EDQUOT: return "; free some space, or choose another place";
  case EFBIG: return "; the file would be larger than this process or file system allows";
  case EACCES:
  case EPERM:
  case EROFS: return "; choose a place that you may use, or ask for the right to use this one";
  case ENOENT: return "; check the spelling, and that the folder is there";
  case EISDIR:
  case ENOTDIR: return "; give the path of a file";
  case ENODEV: return "; give a plain file, no pipe or device";
  case EMFILE:
  case ENFILE: return "; close other files, or raise the limit (ulimit -n)";
  default: return "";
  }
}

bool write_all(int fd, std::span<const std::byte> bytes) noexcept {
  while (!bytes.empty()) {
    const auto written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

/// A name in the same folder that no other writer uses, and that none left behind when it was killed: in a container,
/// process numbers come again.
fs::path temporary_beside(const fs::path& path) {
  static std::atomic<unsigned> count{0};
  for (;;) {
    const auto name =
        "." + path.filename().string() + "." + std::to_string(::getpid()) + "-" + std::to_string(count++) + ".tmp";
    std::error_code ignored;
    const auto temporary = path.parent_path() / name;
    if (!fs::exists(fs::symlink_status(temporary, ignored))) return temporary;
  }
}

/// A rename outlives a power cut only when its folder has been flushed. Some file systems cannot: the file is whole
/// anyway.
void flush_folder(const fs::path& folder) noexcept {
  const Descriptor directory(folder.empty() ? fs::path(".") : folder, O_RDONLY | O_DIRECTORY);
  if (directory.is_open()) ::fsync(directory.get());
}

/// The file that a path means: a link's target.
fs::path followed(const fs::path& path) {
  std::error_code ignored;
  return fs::is_symlink(fs::symlink_status(path, ignored)) ? fs::weakly_canonical(path, ignored) : path;
}

} // namespace

void fail(const char* what, const fs::path& path, int reason) {
  throw Error(concat(path.string(), ": cannot be ", what, ": ", std::strerror(reason), advice(reason)));
}

struct AtomicFile::Open {
  static constexpr std::size_t most_buffered = 1 << 18;

  fs::path path, target, temporary;
  Descriptor file;
  std::uint64_t size = 0;
  std::vector<std::byte> buffer{};

  explicit Open(const fs::path& named)
      : path(named), target(followed(named)), temporary(temporary_beside(target)),
        file(temporary, O_RDWR | O_CREAT | O_EXCL) {}

  void flush() {
    if (!write_all(file.get(), buffer)) fail("written", path, errno);
    buffer.clear();
  }
};

AtomicFile::AtomicFile(const fs::path& path) {
  std::error_code ignored;
  const auto status = fs::status(path, ignored);
  if (fs::is_directory(status)) fail("written", path, EISDIR);
  if (fs::exists(status) && !fs::is_regular_file(status)) fail("written", path, ENODEV);
  open_ = std::make_unique<Open>(path);
  if (!open_->file.is_open()) {
    const int reason = errno;
    open_.reset();
    fail("written", path, reason);
  }
}

AtomicFile::~AtomicFile() {
  if (open_) ::unlink(open_->temporary.c_str());
}

std::uint64_t AtomicFile::size() const noexcept { return open_->size; }

void AtomicFile::write(std::span<const std::byte> bytes) {
  auto& [path, target, temporary, file, size, buffer] = *open_;
  if (buffer.size() + bytes.size() > Open::most_buffered) open_->flush();
  if (bytes.size() > Open::most_buffered) {
    if (!write_all(file.get(), bytes)) fail("written", path, errno);
  } else {
    buffer.insert(buffer.end(), bytes.begin(), bytes.end());
  }
  size += bytes.size();
}

void AtomicFile::write_at(std::uint64_t offset, std::span<const std::byte> bytes) {
  open_->flush();
  while (!bytes.empty()) {
    const auto written = ::pwrite(open_->file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("written", open_->path, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
}

void AtomicFile::read_at(std::uint64_t offset, std::span<std::byte> bytes) {
  open_->flush();
  while (!bytes.empty()) {
    const auto got = ::pread(open_->file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) fail("read", open_->path, got < 0 ? errno : EIO);
    bytes = bytes.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
}

void AtomicFile::commit(Flush flush) {
  open_->flush();
  auto& file = open_->file;
  if ((flush == Flush::now && ::fsync(file.get()) != 0) || !file.close() ||
      ::rename(open_->temporary.c_str(), open_->target.c_str()) != 0)
    fail("written", open_->path, errno);
  if (flush == Flush::now) flush_folder(open_->target.parent_path());
  open_.reset();
}

void write_atomically(const fs::path& path, std::span<const std::span<const std::byte>> pieces, Flush flush) {
  std::error_code ignored;
  const auto status = fs::status(path, ignored);
  if (fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status)) {
    Descriptor device(path, O_WRONLY); // a device or a pipe must not be replaced by a file
    const auto written = [&](std::span<const std::byte> piece) { return write_all(device.get(), piece); };
    if (!device.is_open() || !std::ranges::all_of(pieces, written) || !device.close()) fail("written", path, errno);
    return;
  }
  AtomicFile file(path);
  for (const auto piece : pieces) file.write(piece);
  file.commit(flush);
}

void write_atomically(const fs::path& path, std::span<const std::byte> bytes, Flush flush) {
  write_atomically(path, std::span(&bytes, 1), flush);
}

void write_atomically(const fs::path& path, std::string_view text, Flush flush) {
  write_atomically(path, std::as_bytes(std::span(text)), flush);
}

void append_to_file(const fs::path& path, std::span<const std::byte> bytes) {
  Descriptor file(path, O_WRONLY | O_APPEND);
  if (!file.is_open() || !write_all(file.get(), bytes) || ::fsync(file.get()) != 0 || !file.close())
    fail("written", path, errno);
}

std::vector<std::byte> read_file(const fs::path& path) {
  const Descriptor file(path, O_RDONLY);
  struct stat info {};
  if (!file.is_open() || ::fstat(file.get(), &info) != 0) fail("read", path, errno);
  if (S_ISDIR(info.st_mode)) fail("read", path, EISDIR);
  // One byte more than the file claims, so that its end shows in one call; a pipe claims nothing and grows.
  std::vector<std::byte> bytes(static_cast<std::size_t>(info.st_size) + 1);
  std::size_t size = 0;
  for (;;) {
    const auto got = ::read(file.get(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("read", path, errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
    if (size == bytes.size()) bytes.resize(2 * size);
  }
  bytes.resize(size);
  return bytes;
}

} // namespace mien
