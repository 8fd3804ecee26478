// SPDX-License-Identifier: Apache-2.0
// Files as text.
#pragma once

#include "mien/io/atomic_file.hpp"

#include <filesystem>
#include <string>

namespace mien::test {

/// The bytes of a file.
inline std::string file_text(const std::filesystem::path& path) {
  const auto bytes = read_file(path);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace mien::test
