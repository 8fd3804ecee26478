// SPDX-License-Identifier: Apache-2.0
// What yields pictures one after the other: cameras, videos, folders. An interface, so that all are used alike.
#pragma once

#include "mien/io/image.hpp"

#include <cstdint>
#include <string>

namespace mien {

/// How many frames come in how many seconds: 30000 in 1001, say. No frames: not known.
struct FrameRate {
  std::int64_t frames = 0;
  std::int64_t seconds = 1;

  [[nodiscard]] constexpr bool known() const noexcept { return frames > 0 && seconds > 0; }
  /// Frames a second; 0 where that is not known.
  [[nodiscard]] constexpr double a_second() const noexcept {
    return known() ? static_cast<double>(frames) / static_cast<double>(seconds) : 0;
  }
  /// When a frame is shown that so many others came before, in seconds; where the rate is not known, 25 come a second.
  [[nodiscard]] constexpr double time_of(std::uint64_t number) const noexcept {
    return known() ? static_cast<double>(number) * static_cast<double>(seconds) / static_cast<double>(frames)
                   : static_cast<double>(number) / 25;
  }

  friend bool operator==(const FrameRate&, const FrameRate&) = default;
};

/// One picture of a stream.
struct Frame {
  Image picture{};
  double time = 0; ///< seconds: of a file since its first frame, of a camera on the clock of std::chrono::steady_clock
  std::uint64_t number = 0; ///< how many frames came before it, those that were skipped, dropped or damaged included
};

/// What a source answers when it is asked for its next frame.
enum class Next {
  frame, ///< here it is
  end,   ///< there are no more, and will be none
  late,  ///< none came in time, or a signal arrived: ask again
  gone   ///< the device is not there: ask again, and it is looked for
};

/// What a source knows about its frames before it gives them.
struct StreamInfo {
  std::string name{}; ///< what is read, for people: `clip.avi, motion JPEG`
  int width = 0;
  int height = 0;
  FrameRate rate{};
  std::uint64_t frames = 0; ///< how many there will be, as far as the file says; 0 where that is not known
};

/// Yields frames in order. One thread at a time may call it.
class FrameSource {
public:
  virtual ~FrameSource() = default;

  /// Waits for the next frame and puts it into `frame`, whose memory is used again.
  ///
  /// Only Next::frame says that `frame` holds one. What is damaged is passed over and counted in note().
  /// Throws Error if the source cannot be read any more.
  [[nodiscard]] virtual Next next(Frame& frame) = 0;

  /// As it was opened; a camera that came back may give other frames than before.
  [[nodiscard]] virtual StreamInfo info() const = 0;

  /// What a person should know about the stream so far, as a sentence: that it was cut short, say, and after how many
  /// frames. Empty where there is nothing.
  [[nodiscard]] virtual std::string note() const = 0;

protected:
  FrameSource() = default;
  FrameSource(const FrameSource&) = default;
  FrameSource& operator=(const FrameSource&) = default;
};

} // namespace mien
