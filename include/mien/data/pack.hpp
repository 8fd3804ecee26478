// SPDX-License-Identifier: Apache-2.0
// Making and checking packed files.
#pragma once

#include "mien/data/packed_file.hpp"
#include "mien/data/read_dataset.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace mien {

/// Packs whichever form of data is at `path` into the file `out`; returns what happened while they were read.
///
/// Pictures come in the order of open_data(), prepared as options.preprocessing says, and memory stays flat: some
/// thousand pictures and the file names of one class at a time. Where `path` is itself a packed file, damaged pictures
/// are left out. The bytes of `out` do not depend on options.threads; it is there whole at the end, or not at all.
/// Throws Error as open_data() does, and if the file cannot be written.
ReadReport pack_data(const std::filesystem::path& out, const std::filesystem::path& path, DataPart part,
                     const ReadOptions& options = {});

/// What verify_packed() found.
struct PackedVerdict {
  std::size_t damaged = 0;
  std::vector<std::string> first; ///< sentences about the first of them, at most 100
};

/// Reads all of a packed file and checks every picture. The result does not depend on `threads`.
[[nodiscard]] PackedVerdict verify_packed(const PackedFile& file, int threads = 1,
                                          const std::function<void(std::size_t done, std::size_t all)>& progress = {});

} // namespace mien
