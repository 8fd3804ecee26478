// SPDX-License-Identifier: Apache-2.0
// Where results go: to stdout, or to a file that an interrupted run goes on with.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mien::cli {

/// Takes the results of one picture after the other, and of one frame of a video after the other.
class Results {
public:
  enum class Form { json, csv };
  /// What to do with a file that is there already.
  enum class Existing { refuse, replace, resume };

  /// Results go to stdout; the heading is written.
  explicit Results(std::string_view heading);
  /// Results go to a file, which begins with the heading. Resuming keeps the pictures and frames whose results
  /// stand in it whole.
  /// Throws Error if the file cannot be read or written, is there and refused, or holds other results.
  Results(std::filesystem::path file, Form form, std::string_view heading, Existing existing);

  /// Whether a picture's results are in the file that is resumed.
  [[nodiscard]] bool has(const std::string& image) const;
  /// The lines of a video's frames in the file that is resumed, in their order.
  [[nodiscard]] std::vector<std::string> frames_of(const std::string& video) const;
  void write(std::string_view text);
  /// Hands everything to whoever reads it. Throws Error if it could not be written.
  void flush();

private:
  void keep_whole_records(Form form, std::string_view heading);
  bool take_up(std::string_view line);

  std::filesystem::path path_;
  std::ofstream file_;
  std::set<std::string, std::less<>> done_;
  std::map<std::string, std::vector<std::string>> frames_; ///< by video
};

} // namespace mien::cli
