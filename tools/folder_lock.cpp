// SPDX-License-Identifier: Apache-2.0
#include "tools/folder_lock.hpp"

#include "mien/core/error.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace mien::cli {

FolderLock::FolderLock(const std::filesystem::path& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  descriptor_ = failure ? -1 : ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor_ < 0) {
    const auto reason = failure ? failure : std::error_code(errno, std::generic_category());
    throw Error(
        concat(folder.string(), ": the training cannot write here (", reason.message(), "); choose another folder"));
  }
  // Some network file systems cannot lock: there the user has to take care.
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    ::close(descriptor_);
    throw Error(concat(folder.string(), ": another training is writing here; wait until it ends, or choose another "
                                        "folder with --out"));
  }
}

FolderLock::~FolderLock() { ::close(descriptor_); }

void expect_free(const std::filesystem::path& folder, const std::string& resume) {
  if (!std::filesystem::exists(folder)) return;
  if (!std::filesystem::is_directory(folder))
    throw Error(concat(folder.string(), " is not a folder; choose another --out"));
  if (std::filesystem::is_empty(folder)) return;
  throw Error(concat(folder.string(), " holds something already: `", resume,
                     "` goes on with it, --force begins again, --out takes another folder"));
}

} // namespace mien::cli
