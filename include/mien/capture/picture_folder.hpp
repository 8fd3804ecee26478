// SPDX-License-Identifier: Apache-2.0
// The pictures of a folder, one after the other, as if they were a video.
#pragma once

#include "mien/capture/frame_source.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mien {

/// Gives the pictures of a folder in the order of their names, folders in it left out. A file that cannot be read is
/// passed over and counted in note().
class PictureFolder final : public FrameSource {
public:
  /// The rate decides the frames' times alone: nobody waits. With `grey` pictures have one channel. Throws Error if the
  /// folder cannot be read or holds no file named as a picture (looks_like_a_picture()).
  explicit PictureFolder(const std::filesystem::path& folder, FrameRate rate = {1, 1}, bool grey = false);

  /// Next::frame or Next::end.
  [[nodiscard]] Next next(Frame& frame) override;
  /// Without a size: pictures may differ.
  [[nodiscard]] StreamInfo info() const override;
  [[nodiscard]] std::string note() const override;
  /// The file that gave the last frame; empty before the first one.
  [[nodiscard]] std::filesystem::path file() const;

private:
  std::filesystem::path folder_;
  std::vector<std::filesystem::path> files_;
  FrameRate rate_;
  bool grey_;
  std::size_t next_ = 0, last_ = 0;
  std::uint64_t bad_ = 0;
  std::string problem_; // the first
};

} // namespace mien
