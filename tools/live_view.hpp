// SPDX-License-Identifier: Apache-2.0
// What `mien webcam` shows: the picture with its faces, and beside it a panel that says what there is to know.
#pragma once

#include "mien/emotion/live_recognizer.hpp"
#include "mien/io/image.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mien::cli {

/// All that a view shows. Drawing depends on nothing else.
struct LiveView {
  const Image* picture = nullptr; ///< none yet
  int width = 0, height = 0;      ///< of the picture, where there is none
  std::span<const LiveFace> faces{};
  std::span<const std::string> labels{};
  std::span<const Box> hidden{}; ///< where the picture is blurred
  bool mirror = false;

  bool camera = false;  ///< the pictures come from a camera: the sign says so
  std::string source{}; ///< else what they come from
  double pictures = 0;  ///< a second
  double labelled = 0;  ///< a second
  double delay = 0;     ///< seconds from the camera's picture to its labels on the screen; 0: not known
  bool paused = false;
  std::optional<double> recording{}; ///< seconds recorded
  std::string trouble{};             ///< a sentence across the picture
  std::string notice{};              ///< a sentence below it
  bool help = false;
};

/// The view in RGB: as high as the picture, and wider by the panel. Nothing in it overlaps, from 320x240 on.
[[nodiscard]] Image drawn(const LiveView& view);

} // namespace mien::cli
