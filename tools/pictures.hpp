// SPDX-License-Identifier: Apache-2.0
// Which pictures a command line names: files, and folders that are searched.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace mien::cli {

/// A picture that is to be read. There may be very many, so it is one text and no std::filesystem::path, which keeps
/// every part of its name as a path of its own.
struct PictureFile {
  std::string path;
  std::size_t top = 0; ///< how much of `path` is the folder that was named

  /// The place that what is made of the picture takes in a folder of results.
  [[nodiscard]] std::filesystem::path relative() const { return path.substr(top); }
};

/// What a search found.
struct PictureFiles {
  std::vector<PictureFile> pictures;
  std::vector<std::string> problems; ///< folders that could not be entered: a sentence each
};

/// The files that are named, whatever they are called, and the pictures (.png .jpg .jpeg .bmp .pgm .ppm .pnm) in the
/// folders that are named and everything below them, folder by folder in the order of names.
///
/// Links to folders are not followed. What lies in `without`, a folder of results, is left out. Throws Error if a
/// folder holds no picture.
[[nodiscard]] PictureFiles pictures_in(const std::vector<std::filesystem::path>& paths,
                                       const std::filesystem::path& without = {});

} // namespace mien::cli
