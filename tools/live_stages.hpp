// SPDX-License-Identifier: Apache-2.0
// Capture and recognition, a thread each, beside the thread that prints or draws. Nobody waits for a slower one.
#pragma once

#include "tools/worker.hpp"

#include "mien/capture/frame_source.hpp"
#include "mien/emotion/live_recognizer.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mien::cli {

/// Seconds on the clock of cameras' frames.
[[nodiscard]] double steady_seconds();

/// A picture that was taken. The frame's time is counted from the first one.
struct Taken {
  Frame frame{};
  double at = 0; ///< when: on steady_seconds(); of a file's picture, when it was handed on
};

/// The faces of a picture.
struct Labelled {
  std::shared_ptr<const Taken> taken{};
  std::vector<LiveFace> faces{};
};

struct StageSettings {
  bool every =
      false; ///< each frame is recognized, and reading waits for it; else a frame that comes too soon is dropped
  bool paced = false; ///< a file is read at its own speed, not as fast as it can be
  double timeout = 2; ///< the camera's: what a frame was waited for when it is late
  int threads = 1;    ///< of recognition
};

class LiveStages {
public:
  LiveStages(std::unique_ptr<FrameSource> source, LiveRecognizer recognizer, const StageSettings& settings);
  LiveStages(const LiveStages&) = delete;
  LiveStages& operator=(const LiveStages&) = delete;
  /// Ends both threads, and gives the source back.
  ~LiveStages();

  /// The newest picture that was not taken yet, for which it waits at most so long. None comes with `every`.
  [[nodiscard]] std::shared_ptr<const Taken> picture(std::chrono::milliseconds most);
  /// The newest picture with its faces, in the same way.
  [[nodiscard]] std::optional<Labelled> labelled(std::chrono::milliseconds most);
  /// Whether nothing more will come. Throws what ended a thread, if it was that.
  [[nodiscard]] bool finished() const;
  /// Stops reading for a while; a file goes on where it was.
  void pause(bool on);

  /// Why no pictures come at the moment, as a sentence; empty while they do.
  [[nodiscard]] std::string trouble() const;
  /// What a person should be told that was not yet, oldest first: troubles, their ends, the source's last note.
  [[nodiscard]] std::vector<std::string> news();

private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
  Worker capture_, recognition_;
};

} // namespace mien::cli
