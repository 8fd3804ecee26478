// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/run.hpp"

#include "mien/io/atomic_file.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sys/wait.h>

namespace mien::test {
namespace {

std::string shell_word(std::string_view argument) {
  std::string text = "'";
  for (const char c : argument) text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + "'";
}

} // namespace

Ran shell(const std::string& line) {
  const TempFolder folder;
  const auto out = folder.path() / "out", err = folder.path() / "err";
  const auto command = "MIEN=" + shell_word(MIEN_PROGRAM) + "; { " + line + "; } </dev/null >" +
                       shell_word(out.string()) + " 2>" + shell_word(err.string());
  const int status = std::system(command.c_str());
  REQUIRE(status != -1);
  const int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return {code, contents(out), contents(err)};
}

std::string contents(const std::filesystem::path& path) {
  const auto bytes = read_file(path);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Ran run(const std::vector<std::string>& arguments) {
  std::string line = "\"$MIEN\"";
  for (const auto& argument : arguments) line += " " + shell_word(argument);
  return shell(line);
}

std::vector<std::string> lines(std::string_view text) {
  std::vector<std::string> all;
  while (!text.empty()) {
    const auto end = text.find('\n');
    all.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return all;
}

} // namespace mien::test
