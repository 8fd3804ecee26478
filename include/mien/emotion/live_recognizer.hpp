// SPDX-License-Identifier: Apache-2.0
// Frames in, one after the other; the faces that are followed through them and their steady expressions out.
#pragma once

#include "mien/emotion/recognizer.hpp"
#include "mien/nn/steady_label.hpp"
#include "mien/vision/tracker.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mien {

/// How a stream is followed.
struct LiveSettings {
  bool track = true;  ///< faces keep their numbers; off: each frame is looked at by itself, and wholly
  bool steady = true; ///< labels and probabilities are steadied; needs `track`
  TrackerSettings tracker{};
  SteadySettings steadiness{}; ///< each part of which can be switched off
  double whole_every = 0.25;   ///< seconds from one look at the whole frame to the next; 0: at every frame

  friend bool operator==(const LiveSettings&, const LiveSettings&) = default;
};

/// A face of a stream.
struct LiveFace {
  std::uint64_t id = 0;               ///< the same from frame to frame, from 1; 0 where faces are not followed
  Face face{};                        ///< as this frame shows it, by itself
  std::string label{};                ///< the steady one; empty: unsure
  std::vector<float> probabilities{}; ///< filtered, in the order of LiveRecognizer::labels()

  friend bool operator==(const LiveFace&, const LiveFace&) = default;
};

/// Follows the faces of one stream of pictures and names their apparent expressions. One thread at a time may call it.
///
/// The whole frame is looked at a few times a second, which finds who is new; in every frame the places are looked at
/// where known faces are expected. Of faces nothing is kept but boxes and probabilities, and these only for
/// `tracker.patience` seconds after a face was seen last; no picture is kept.
class LiveRecognizer {
public:
  /// Throws Error if a setting is out of range, and as Recognizer does.
  explicit LiveRecognizer(Recognizer recognizer = {}, const LiveSettings& settings = {});

  [[nodiscard]] const LiveSettings& settings() const noexcept { return settings_; }
  [[nodiscard]] std::span<const std::string> labels() const noexcept { return recognizer_.labels(); }
  /// The faces that the next picture shows, grey or RGB, in the order of their numbers (not followed: the largest
  /// first); `time` is when it was taken, in seconds. They do not depend on `threads`. Throws Error if the picture's
  /// extents and bytes disagree, or if the time goes back.
  [[nodiscard]] std::vector<LiveFace> recognize(const Image& picture, double time, int threads = 1);
  /// Takes a frame's faces as recognize() told them, without looking for any: afterwards, everything is as if it had
  /// just told them. So a stream is taken up again from what was written down about it. Of each face its number, its
  /// box, its steady label and the filtered probabilities count. Throws Error as recognize() does, and if they cannot
  /// be what it told.
  void repeat(std::span<const LiveFace> faces, double time);
  /// Forgets every face: the next picture belongs to another stream.
  void reset();

private:
  [[nodiscard]] bool looks_wholly(double time);
  void forget();
  [[nodiscard]] SteadyLabel& steady_label(std::uint64_t id);
  [[nodiscard]] std::vector<Detection> look(const Image& grey, double time, int threads);
  void steady(LiveFace& face, double time);

  Recognizer recognizer_;
  LiveSettings settings_;
  Tracker tracker_;
  std::vector<std::pair<std::uint64_t, SteadyLabel>> labels_; ///< of the faces that are followed, by number
  std::optional<double> whole_;                               ///< when the whole frame was looked at last
};

} // namespace mien
