// SPDX-License-Identifier: Apache-2.0
// Views into a video, each shown for as long as it was on the screen.
#pragma once

#include "mien/capture/video_writer.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace mien::cli {

class Recording {
public:
  /// Throws Error if the file exists and `replace` is not set, and as VideoWriter does.
  Recording(std::filesystem::path path, FrameRate rate, bool replace);

  /// Adds the view from this time on, in seconds since some beginning; times never go back. Where views come less often
  /// than the video's pictures the last one is repeated, where more often they are left out. A view of another size,
  /// of a camera that came back different, ends the recording.
  void add(const Image& view, double time);
  /// How many seconds the video has.
  [[nodiscard]] double seconds() const;
  [[nodiscard]] bool running() const noexcept { return writer_.has_value(); }
  /// Puts the file in its place, if one is still written, and says where. Nothing recorded: no file.
  [[nodiscard]] std::string finish();

private:
  std::filesystem::path path_;
  FrameRate rate_;
  std::optional<VideoWriter> writer_;
  std::optional<double> begin_;
  int width_ = 0, height_ = 0;
  std::string ended_; // what finish() says of a recording that has ended before
};

} // namespace mien::cli
