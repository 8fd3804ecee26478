// SPDX-License-Identifier: Apache-2.0
// Runs the program as a user does and keeps what it says.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mien::test {

struct Ran {
  int code = -1; ///< what the program returned; 128 + signal if it was ended by one
  std::string out;
  std::string err;
};

/// Runs `mien` with these arguments; it reads nothing, and what it writes goes to files, not to a terminal.
[[nodiscard]] Ran run(const std::vector<std::string>& arguments);

/// Runs a line of /bin/sh in which `$MIEN` is the program: for pipes.
[[nodiscard]] Ran shell(const std::string& line);

/// The bytes of a file as text.
[[nodiscard]] std::string contents(const std::filesystem::path& path);

/// The lines of a text, without their ends.
[[nodiscard]] std::vector<std::string> lines(std::string_view text);

} // namespace mien::test
