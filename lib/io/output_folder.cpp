// SPDX-License-Identifier: Apache-2.0
#include "mien/io/output_folder.hpp"

#include "mien/core/error.hpp"

#include <system_error>

namespace mien {

void expect_output_folder(const std::filesystem::path& folder, bool force) {
  std::error_code failure;
  const auto kind = std::filesystem::status(folder, failure).type();
  if (kind == std::filesystem::file_type::not_found) return;
  if (kind != std::filesystem::file_type::directory) {
    throw Error(concat(folder.string(), " is not a folder; name one that is, or that does not exist yet"));
  }
  const bool empty = std::filesystem::is_empty(folder, failure);
  if (failure) throw Error(concat("cannot read the folder ", folder.string(), ": ", failure.message()));
  if (!empty && !force) {
    throw Error(
        concat(folder.string(), " holds files already; name a new or empty folder, or say force to write into it"));
  }
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) throw Error(concat("cannot make the folder ", folder.string(), ": ", failure.message()));
}

} // namespace mien
