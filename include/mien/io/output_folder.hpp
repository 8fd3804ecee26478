// SPDX-License-Identifier: Apache-2.0
// Folders that are to be filled.
#pragma once

#include <filesystem>

namespace mien {

/// Throws Error, with what to do, unless `folder` may be written: nothing is there yet, or an empty folder, or with
/// `force` any folder.
void expect_output_folder(const std::filesystem::path& folder, bool force);

/// Makes a folder, and those that it lies in, where they are not there yet. Throws Error with the path and the system's
/// reason.
void make_folder(const std::filesystem::path& folder);

} // namespace mien
