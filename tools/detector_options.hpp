// SPDX-License-Identifier: Apache-2.0
// The options that say how faces are looked for: detect, predict and data crop share them.
#pragma once

#include "tools/cli.hpp"

#include "mien/vision/face_detector.hpp"

#include <memory>
#include <string>

namespace mien::cli {

class DetectorOptions {
public:
  /// Adds the options under a title of their own.
  void bind(Command& command);
  /// The detector that they ask for. Throws Error if the cascade cannot be read, UsageError if there is none of that
  /// name or a setting makes no sense.
  [[nodiscard]] std::shared_ptr<const Detector> detector() const;

private:
  std::string cascade_ = "frontalface_default";
  FaceDetectorSettings settings_;
};

} // namespace mien::cli
