// SPDX-License-Identifier: Apache-2.0
// Frames of a video file. docs/capture.md has the formats.
#pragma once

#include "mien/capture/frame_source.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace mien {

class VideoStream;

/// Reads a video from its beginning to its end.
///
/// Y4M and AVI with motion JPEG are read here; any other file by ffmpeg, a program that has to be installed. What a
/// file is, its first bytes say. A file that was cut short gives the frames that it holds, and note() says so; a
/// damaged frame is passed over.
class VideoReader final : public FrameSource {
public:
  /// Opens a file, or with `-` standard input, which has to be Y4M or AVI. With `grey` pictures have one channel, which
  /// is all that finding and naming faces needs, in less time. Throws Error, with what to do, if it is no such video.
  explicit VideoReader(const std::filesystem::path& path, bool grey = false);
  VideoReader(VideoReader&&) noexcept;
  VideoReader& operator=(VideoReader&&) noexcept;
  ~VideoReader() override;

  /// Next::frame or Next::end.
  [[nodiscard]] Next next(Frame& frame) override;
  [[nodiscard]] StreamInfo info() const override;
  [[nodiscard]] std::string note() const override;

  /// The number of the frame that next() will look for.
  [[nodiscard]] std::uint64_t position() const;
  /// Passes over frames without looking at them, up to this number, or the first frame at or after this time in
  /// seconds: to go on where an earlier run has ended. Never goes back. False if the end comes before.
  bool skip_to_frame(std::uint64_t number);
  bool skip_to(double seconds);

private:
  std::unique_ptr<VideoStream> stream_;
};

} // namespace mien
