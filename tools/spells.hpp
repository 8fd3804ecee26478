// SPDX-License-Identifier: Apache-2.0
// From when to when each face of a video showed what: a summary of frames, and subtitles.
#pragma once

#include "mien/emotion/live_recognizer.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mien::cli {

/// A time in which a face had one steady label.
struct Spell {
  double begin = 0, end = 0; ///< seconds: of its first frame, and of the end of its last
  std::uint64_t face = 0;
  std::string label{}; ///< empty: unsure

  friend bool operator==(const Spell&, const Spell&) = default;
};

/// Makes spells of the frames of a video, which come in their order. A face that is missed for less than half a second
/// and comes back with its label goes on.
class Spells {
public:
  /// `frame_seconds`: how long a frame is shown.
  explicit Spells(double frame_seconds) : frame_seconds_(frame_seconds) {}
  void add(std::span<const LiveFace> faces, double time);
  /// All spells so far, in the order of their beginnings, then of faces.
  [[nodiscard]] std::vector<Spell> all() const;

private:
  double frame_seconds_;
  std::vector<Spell> open_, closed_;
};

/// The spells as subtitles; times in which a face is unsure have none. `title` stands in a note.
///
/// Source: W3C, "WebVTT: The Web Video Text Tracks Format".
[[nodiscard]] std::string webvtt(std::span<const Spell> spells, std::string_view title);

/// `0:01:05.240`: a time in a video, as people and players write it; with two digits of hours for WebVTT.
[[nodiscard]] std::string clock_text(double seconds, int hour_digits = 1);

} // namespace mien::cli
