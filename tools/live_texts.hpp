// SPDX-License-Identifier: Apache-2.0
// How a frame's faces are written.
#pragma once

#include "mien/capture/frame_source.hpp"
#include "mien/emotion/live_recognizer.hpp"

#include <span>
#include <string>
#include <vector>

namespace mien::cli {

class LiveTexts {
public:
  LiveTexts(std::string video, std::span<const std::string> labels) : video_(std::move(video)), labels_(labels) {}
  [[nodiscard]] std::string line(const Frame& frame, const std::vector<LiveFace>& faces) const;

private:
  std::string video_;
  std::span<const std::string> labels_;
};

} // namespace mien::cli
