// SPDX-License-Identifier: Apache-2.0
#include "tools/detector_options.hpp"

#include "mien/core/error.hpp"
#include "mien/vision/cascade.hpp"

#include <algorithm>
#include <filesystem>

namespace mien::cli {
namespace {

/// A file if there is one, or if it is written like one; else a name.
Cascade cascade_of(const std::string& text) {
  if (text.ends_with(".xml") || text.find('/') != std::string::npos || std::filesystem::is_regular_file(text))
    return read_cascade(text);
  try {
    return named_cascade(text);
  } catch (const Error& error) {
    throw UsageError(concat("--cascade: ", error.what()));
  }
}

} // namespace

void DetectorOptions::bind(Command& command) {
  auto& cascade = settings_.cascade;
  command.group("Finding faces");
  command.option("cascade", cascade_, "FILE|NAME", "What to look for: a cascade by name, or OpenCV's XML file");
  command.option("scale", cascade.scale_factor, "F", "From one size of face to the next", Range{1.01, 10.0});
  command.option("neighbors", cascade.min_neighbors, "N",
                 "A face needs more than so many windows that agree; more: fewer false alarms, and fewer faces",
                 Range{0, 1000});
  command.option("min-face", cascade.min_face, "PIXELS", "Smaller faces are not looked for", Range{1, 100'000});
  command.option("max-face", cascade.max_face, "PIXELS", "Larger faces are not looked for; 0: no bound",
                 Range{0, 100'000});
  command.flag("tilted", settings_.tilted, "Also look for faces that are turned, by up to 45 degrees or so");
  command.flag("profile", settings_.profile, "Also look for faces seen from the side");
}

std::shared_ptr<const Detector> DetectorOptions::detector() const {
  const auto& cascade = settings_.cascade;
  if (cascade.max_face > 0 && cascade.max_face < cascade.min_face)
    throw UsageError(concat("--max-face ", cascade.max_face, " is below --min-face ", cascade.min_face));
  return face_detector(cascade_of(cascade_), settings_);
}

} // namespace mien::cli
