// SPDX-License-Identifier: Apache-2.0
// The detector for faces that the program uses, by measurement: docs/detection.md.
#pragma once

#include "mien/core/cascade.hpp"
#include "mien/vision/cascade_detector.hpp"
#include "mien/vision/detector.hpp"

#include <memory>

namespace mien {

/// How faces are looked for.
struct FaceDetectorSettings {
  CascadeSettings cascade;
  bool profile = false; ///< also faces seen from the side, by the cascade `profileface` on the picture and its mirror
                        ///< image
  bool tilted = false;  ///< also turned faces, as TiltedDetector finds them

  friend bool operator==(const FaceDetectorSettings&, const FaceDetectorSettings&) = default;
};

/// A detector made of a cascade for frontal faces and what the settings add. Throws Error as CascadeDetector does.
[[nodiscard]] std::shared_ptr<const Detector> face_detector(Cascade frontal, const FaceDetectorSettings& settings = {});

/// The same with the compiled-in cascade `frontalface_default`: what finds most faces for its false alarms.
[[nodiscard]] std::shared_ptr<const Detector> default_detector(const FaceDetectorSettings& settings = {});

} // namespace mien
