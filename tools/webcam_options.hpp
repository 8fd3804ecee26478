// SPDX-License-Identifier: Apache-2.0
// The command line of `mien webcam`.
#pragma once

#include "tools/cli.hpp"
#include "tools/detector_options.hpp"
#include "tools/live_options.hpp"

#include "mien/capture/camera.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace mien::cli {

struct WebcamOptions {
  std::string source, model = "-", size, format = "any";
  DetectorOptions detector;
  LiveOptions live;
  double rate = 30, seconds = 0, abstain = 0;
  int threads = 2;
  std::uint64_t frames = 0;
  bool list = false, headless = false, mirror = false, no_mirror = false, blur = false;
  bool full_screen = false, force = false;
  std::filesystem::path record;

  void bind(Command& command);
  /// Throws UsageError where options contradict each other or make no sense.
  void check() const;

  /// The source as open_source() takes it: a bare number is a camera's.
  [[nodiscard]] std::filesystem::path source_path() const;
  /// What is asked of a camera. Throws UsageError if the size is none.
  [[nodiscard]] CameraSettings camera() const;
  /// Whether the picture is drawn as a mirror shows it: a camera's in a window, unless told otherwise.
  [[nodiscard]] bool mirrored(bool is_camera) const { return mirror || (is_camera && !headless && !no_mirror); }
};

} // namespace mien::cli
