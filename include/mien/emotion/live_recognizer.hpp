// SPDX-License-Identifier: Apache-2.0
// Frames in, one after the other; the faces that are followed through them and their steady expressions out.
#pragma once

#include "mien/emotion/recognizer.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace mien {

/// How a stream is followed.
struct LiveSettings {
  bool track = true;  ///< faces keep their numbers; off: each frame is looked at by itself
  bool steady = true; ///< labels and probabilities are filtered; needs `track`

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
/// No picture is kept.
class LiveRecognizer {
public:
  explicit LiveRecognizer(Recognizer recognizer = {}, const LiveSettings& settings = {});

  [[nodiscard]] std::span<const std::string> labels() const noexcept { return recognizer_.labels(); }
  /// The faces of the next picture, grey or RGB, shown at `time` in seconds, which never goes back.
  [[nodiscard]] std::vector<LiveFace> recognize(const Image& picture, double time, int threads = 1);
  /// Forgets every face: the next picture belongs to another stream.
  void reset();

private:
  Recognizer recognizer_;
  LiveSettings settings_;
};

} // namespace mien
