// SPDX-License-Identifier: Apache-2.0
// Copies of pictures with what was found drawn on them.
#pragma once

#include "tools/pictures.hpp"
#include "tools/predictions.hpp"

#include "mien/io/image.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace mien::cli {

/// Writes a copy of every picture into a folder, under the place it had in the folder that was searched.
class AnnotatedPictures {
public:
  /// `hide`: faces are made unrecognisable in what is written.
  /// Throws Error if two of the pictures would be written to one file, or one of them over itself.
  AnnotatedPictures(std::filesystem::path folder, bool hide, std::span<const PictureFile> pictures,
                    std::span<const std::string> labels);

  /// Many threads may call this at once. Throws Error if the file cannot be written.
  void write(const PictureFile& file, Image picture, const PictureResult& result) const;

private:
  [[nodiscard]] std::filesystem::path place_of(const PictureFile& file) const;

  std::filesystem::path folder_;
  bool hide_;
  std::vector<std::string> labels_;
};

} // namespace mien::cli
