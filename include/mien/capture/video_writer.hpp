// SPDX-License-Identifier: Apache-2.0
// Pictures into a video file.
#pragma once

#include "mien/capture/frame_source.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace mien {

class VideoSink;

/// Writes a video: `.avi` as motion JPEG, `.y4m` without loss but for the colours, of which each two by two pixels
/// share one. It is whole in its place after finish(), and until then not there.
class VideoWriter {
public:
  /// Throws Error, with what to do, if the name ends otherwise, the rate is not known, or the file cannot be written.
  VideoWriter(const std::filesystem::path& path, FrameRate rate);
  VideoWriter(VideoWriter&&) noexcept;
  VideoWriter& operator=(VideoWriter&&) noexcept;
  /// Without finish() what was written is removed.
  ~VideoWriter();

  /// Adds a picture. Throws Error if it is not whole or not as large as the first one, or if there is no room.
  void write(const Image& picture);
  /// Shows the last picture for one more frame; in AVI that takes 16 bytes. Throws Error as write() does, or if there
  /// is none.
  void repeat();
  /// How many frames were written, repeated ones included.
  [[nodiscard]] std::uint64_t frames() const noexcept;
  /// Gives the file its name. Nothing may follow but the destructor. Throws Error if nothing was written.
  void finish();

private:
  std::unique_ptr<VideoSink> sink_;
  std::uint64_t frames_ = 0;
  int width_ = 0, height_ = 0, channels_ = 0;
  std::filesystem::path path_;
};

} // namespace mien
