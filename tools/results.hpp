// SPDX-License-Identifier: Apache-2.0
// Where results go: to stdout, or to a file that an interrupted run goes on with.
#pragma once

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <string_view>

namespace mien::cli {

/// Takes the results of one picture after the other.
class Results {
public:
  enum class Form { json, csv };
  /// What to do with a file that is there already.
  enum class Existing { refuse, replace, resume };

  /// Results go to stdout; the heading is written.
  explicit Results(std::string_view heading);
  /// Results go to a file, which begins with the heading. Resuming keeps the pictures whose results stand in it whole.
  /// Throws Error if the file cannot be read or written, is there and refused, or holds other results.
  Results(std::filesystem::path file, Form form, std::string_view heading, Existing existing);

  /// Whether a picture's results are in the file that is resumed.
  [[nodiscard]] bool has(const std::string& image) const;
  void write(std::string_view text);
  /// Hands everything to whoever reads it. Throws Error if it could not be written.
  void flush();

private:
  void keep_whole_pictures(Form form, std::string_view heading);

  std::filesystem::path path_;
  std::ofstream file_;
  std::set<std::string, std::less<>> done_;
};

} // namespace mien::cli
