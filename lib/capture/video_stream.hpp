// SPDX-License-Identifier: Apache-2.0
// What VideoReader reads: one class a format.
#pragma once

#include "lib/capture/input.hpp"
#include "mien/capture/frame_source.hpp"

#include <filesystem>
#include <memory>

namespace mien {

/// Frames of a file or a pipe, in order. Errors in the middle end it, and note() says so: what is whole is given.
class VideoStream {
public:
  virtual ~VideoStream() = default;
  /// The next frame that is whole; false at the end.
  virtual bool next(Frame& frame) = 0;
  /// Passes over one frame; false at the end. It counts, and is not looked at.
  virtual bool skip() = 0;
  /// The number of the next frame.
  [[nodiscard]] virtual std::uint64_t position() const = 0;
  [[nodiscard]] virtual StreamInfo info() const = 0;
  [[nodiscard]] virtual std::string note() const = 0;
};

/// Whether bytes begin a stream in Y4M, or a file in AVI.
[[nodiscard]] bool is_y4m(Bytes bytes) noexcept;
[[nodiscard]] bool is_avi(Bytes bytes) noexcept;

/// Throws Error, beginning with `name`, if the header makes no sense or asks for samples that are not read.
[[nodiscard]] std::unique_ptr<VideoStream> open_y4m(Input input, const std::string& name, bool grey);

/// Null if the pictures are in another coding than motion JPEG. Throws Error, beginning with `name`, if there is no
/// header.
[[nodiscard]] std::unique_ptr<VideoStream> open_avi(Input input, const std::string& name, bool grey);

/// Everything that an installed ffmpeg reads, of a plain file. Throws Error if there is none, or it reads no video.
[[nodiscard]] std::unique_ptr<VideoStream> open_by_ffmpeg(const std::filesystem::path& path, bool grey);

} // namespace mien
