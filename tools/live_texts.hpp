// SPDX-License-Identifier: Apache-2.0
// How the faces of a stream's frames are written, and read again: one JSON line a frame, or CSV.
#pragma once

#include "mien/capture/frame_source.hpp"
#include "mien/emotion/live_recognizer.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mien::cli {

/// A frame and its faces, without its picture.
struct FrameFaces {
  std::uint64_t number = 0;
  double time = 0; ///< seconds
  int width = 0, height = 0;
  std::vector<LiveFace> faces{};
};

/// What is told about one stream.
class LiveTexts {
public:
  /// `video` is the name that stands in every line; none for a camera. `labels` must outlive this.
  LiveTexts(std::string video, std::span<const std::string> labels) : video_(std::move(video)), labels_(labels) {}

  /// {"video", "frame", "time", "width", "height", "faces": [{"id", "box": [x, y, w, h], "score", "label",
  /// "probabilities"}]}: the label is null where it is unsure; a face that is not followed has no id.
  [[nodiscard]] std::string line(const FrameFaces& frame) const;
  [[nodiscard]] std::string line(const Frame& frame, std::vector<LiveFace> faces) const;
  /// The columns of rows().
  [[nodiscard]] static std::string heading(std::span<const std::string> labels);
  /// A CSV line a face; one with empty fields for a frame without a face.
  [[nodiscard]] std::string rows(const FrameFaces& frame) const;

  /// A frame as line() wrote it, up to what it does not tell: a face's box, number, label and probabilities are there.
  /// None if the text is no such line of this stream and these labels.
  [[nodiscard]] std::optional<FrameFaces> read(std::string_view line) const;

private:
  std::string video_;
  std::span<const std::string> labels_;
};

} // namespace mien::cli
