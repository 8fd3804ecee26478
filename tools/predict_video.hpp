// SPDX-License-Identifier: Apache-2.0
// A video in, its faces frame by frame out: as lines, as a copy with marks, as subtitles, as a table of spells.
#pragma once

#include "tools/cli.hpp"
#include "tools/live_texts.hpp"
#include "tools/results.hpp"
#include "tools/spells.hpp"

#include "mien/emotion/live_recognizer.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mien::cli {

/// What is made of videos.
struct VideoOptions {
  enum class Form { table, json, csv };
  Form form = Form::table;
  LiveSettings live{};
  std::filesystem::path annotate{};  ///< folder for copies with marks; empty: none
  bool blur = false;                 ///< hide the faces in them
  std::filesystem::path subtitles{}; ///< folder for WebVTT; empty: none
};

/// What became of a video.
struct VideoOutcome {
  std::size_t frames = 0, faces = 0; ///< faces: of all frames together
  bool interrupted = false;
  bool damaged = false; ///< read in part
};

/// Works on one video after the other.
class VideoPrediction {
public:
  /// `results` must outlive this. Throws Error if two of the videos would be written to one file, or one over itself.
  VideoPrediction(Recognizer recognizer, VideoOptions options, std::span<const std::string> videos, Results& results);

  /// Goes through a video, up to its end or Ctrl-C; frames that stand in the results are not looked at again. Copy and
  /// subtitles are there when it was gone through whole. Throws Error if it cannot be read or something not be written.
  VideoOutcome run(const std::string& video, const Common& common);

  /// What stands above a table or a CSV of videos.
  [[nodiscard]] static std::string heading(VideoOptions::Form form, std::span<const std::string> labels);

private:
  [[nodiscard]] std::filesystem::path place(const std::filesystem::path& folder, const std::string& video,
                                            const char* ending) const;
  [[nodiscard]] std::vector<FrameFaces> told_before(const std::string& video, const LiveTexts& texts) const;
  void tell(const FrameFaces& frame, const LiveTexts& texts);
  void tell(std::span<const Spell> spells, const std::string& video);

  Recognizer recognizer_;
  VideoOptions options_;
  Results& results_;
};

} // namespace mien::cli
