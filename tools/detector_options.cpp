// SPDX-License-Identifier: Apache-2.0
#include "tools/detector_options.hpp"

#include "mien/core/error.hpp"

#include <filesystem>

namespace mien::cli {

void DetectorOptions::bind(Command& command) {
  command.group("Finding faces");
  command.option("cascade", cascade_, "FILE|NAME", "What to look for: a cascade by name, or OpenCV's XML file");
  command.option("scale", settings_.scale_factor, "F", "From one size of face to the next", Range{1.01, 10.0});
  command.option("neighbors", settings_.min_neighbors, "N", "Windows that must agree; more: fewer false alarms",
                 Range{0, 1000});
  command.option("min-face", settings_.min_face, "PIXELS", "Smaller faces are not looked for", Range{1, 100'000});
  command.option("max-face", settings_.max_face, "PIXELS", "Larger faces are not looked for; 0: no bound",
                 Range{0, 100'000});
}

std::shared_ptr<const Detector> DetectorOptions::detector() const {
  if (settings_.max_face > 0 && settings_.max_face < settings_.min_face)
    throw UsageError(concat("--max-face ", settings_.max_face, " is below --min-face ", settings_.min_face));
  const bool is_file = cascade_.ends_with(".xml") || std::filesystem::exists(cascade_);
  return std::make_shared<CascadeDetector>(is_file ? read_cascade(cascade_) : named_cascade(cascade_), settings_);
}

} // namespace mien::cli
