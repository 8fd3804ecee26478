// SPDX-License-Identifier: Apache-2.0
// Open files, and what to say when one cannot be opened.
#pragma once

#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace mien {

/// An open file that is closed when it goes out of scope.
class Descriptor {
public:
  Descriptor(const std::filesystem::path& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
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

/// Throws Error: `path` cannot be `what` (read, written), for this errno, and what to do about it.
[[noreturn]] void fail(const char* what, const std::filesystem::path& path, int reason);

} // namespace mien
