// SPDX-License-Identifier: Apache-2.0
#include "mien/vision/face_detector.hpp"

#include "mien/vision/cascade.hpp"
#include "mien/vision/combined_detectors.hpp"

#include <utility>
#include <vector>

namespace mien {

std::shared_ptr<const Detector> face_detector(Cascade frontal, const FaceDetectorSettings& settings) {
  std::shared_ptr<const Detector> detector = std::make_shared<CascadeDetector>(std::move(frontal), settings.cascade);
  if (settings.profile) {
    auto one_side = std::make_shared<CascadeDetector>(named_cascade("profileface"), settings.cascade);
    auto both_sides = std::make_shared<MirroredDetector>(std::move(one_side));
    detector = std::make_shared<UnionDetector>(std::vector<std::shared_ptr<const Detector>>{detector, both_sides});
  }
  if (settings.tilted) detector = std::make_shared<TiltedDetector>(detector);
  return detector;
}

std::shared_ptr<const Detector> default_detector(const FaceDetectorSettings& settings) {
  return face_detector(named_cascade("frontalface_default"), settings);
}

} // namespace mien
