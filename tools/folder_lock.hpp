// SPDX-License-Identifier: Apache-2.0
// Two trainings must not write to one folder, nor one over another.
#pragma once

#include <filesystem>
#include <string>

namespace mien::cli {

/// Holds a folder against other processes that ask the same way, until it is destroyed or the process ends, however.
class FolderLock {
public:
  /// Makes the folder if it is not there. Throws Error if that fails or another process holds it.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

private:
  int descriptor_;
};

/// Throws Error if the folder holds something; `resume` is the command that goes on with it.
void expect_free(const std::filesystem::path& folder, const std::string& resume);

} // namespace mien::cli
