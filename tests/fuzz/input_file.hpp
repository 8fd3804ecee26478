// SPDX-License-Identifier: Apache-2.0
// A fuzz input as a file, for readers that open one themselves.
#pragma once

#include "tests/support/temp_folder.hpp"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <span>

namespace mien::test {

/// Writes the input to a file that the next call replaces.
inline std::filesystem::path input_file(std::span<const std::byte> input, const char* name) {
  static const TempFolder folder;
  const auto path = folder / name;
  std::filesystem::remove(path); // ext4 flushes a file that is emptied and written again, but not a new one
  std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(input.data()), std::ssize(input));
  return path;
}

} // namespace mien::test
