// SPDX-License-Identifier: Apache-2.0
#include "mien/io/file_name.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace mien {

std::string small_extension(const std::filesystem::path& path) {
  auto extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; });
  return extension;
}

bool looks_like_a_picture(const std::filesystem::path& path) {
  static constexpr std::array<std::string_view, 7> known = {".png", ".jpg", ".jpeg", ".bmp", ".pgm", ".ppm", ".pnm"};
  return std::ranges::find(known, small_extension(path)) != known.end();
}

bool looks_like_a_video(const std::filesystem::path& path) {
  static constexpr std::array<std::string_view, 18> known = {".3gp", ".asf", ".avi", ".flv",  ".gif",  ".m2ts",
                                                             ".m4v", ".mkv", ".mov", ".mp4",  ".mpeg", ".mpg",
                                                             ".mts", ".ogv", ".ts",  ".webm", ".wmv",  ".y4m"};
  return std::ranges::find(known, small_extension(path)) != known.end();
}

} // namespace mien
