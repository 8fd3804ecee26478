// SPDX-License-Identifier: Apache-2.0
#include "mien/io/atomic_file.hpp"

#include "mien/core/error.hpp"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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
  case EMFILE:
  case ENFILE: return "; close other files, or raise the limit (ulimit -n)";
  default: return "";
  }
}

[[noreturn]] void fail(const char* what, const fs::path& path, int reason) {
  throw Error(concat(path.string(), ": cannot be ", what, ": ", std::strerror(reason), advice(reason)));
}

/// An open file that is closed when it goes out of scope.
class Descriptor {
public:
  Descriptor(const fs::path& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }

  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] bool is_open() const noexcept { return fd_ >= 0; }
  /// False with errno if the system reports only now that a write failed, as network file systems do.
  bool close() noexcept { return fd_ < 0 || ::close(std::exchange(fd_, -1)) == 0; }

private:
  int fd_;
};

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

} // namespace

void write_atomically(const fs::path& path, std::span<const std::byte> bytes, Flush flush) {
  std::error_code ignored;
  const auto status = fs::status(path, ignored);
  if (fs::is_directory(status)) fail("written", path, EISDIR);
  if (fs::exists(status) && !fs::is_regular_file(status)) { // a device or a pipe must not be replaced by a file
    Descriptor device(path, O_WRONLY);
    if (!device.is_open() || !write_all(device.get(), bytes) || !device.close()) fail("written", path, errno);
    return;
  }
  const auto target = fs::is_symlink(fs::symlink_status(path, ignored)) ? fs::weakly_canonical(path, ignored) : path;
  const auto temporary = temporary_beside(target);
  Descriptor file(temporary, O_WRONLY | O_CREAT | O_EXCL);
  if (!file.is_open()) fail("written", path, errno);
  if (!write_all(file.get(), bytes) || (flush == Flush::now && ::fsync(file.get()) != 0) || !file.close() ||
      ::rename(temporary.c_str(), target.c_str()) != 0) {
    const int reason = errno;
    ::unlink(temporary.c_str());
    fail("written", path, reason);
  }
  if (flush == Flush::now) flush_folder(target.parent_path());
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
