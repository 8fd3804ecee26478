// SPDX-License-Identifier: Apache-2.0
// Detectors made of detectors: several looks at one picture, and one answer for each face.
#pragma once

#include "mien/vision/detector.hpp"

#include <memory>
#include <span>
#include <vector>

namespace mien {

/// One detection for each face: of those that overlap, the one that most windows agreed on, then the one with the
/// higher score. The surest comes first.
///
/// Two overlap if they share 0.3 of what they cover together.
[[nodiscard]] std::vector<Detection> without_doubles(std::span<const Detection> detections);

/// Finds what any of several detectors finds, each face once.
class UnionDetector final : public Detector {
public:
  /// Throws Error if there is no detector, or an empty one among them.
  explicit UnionDetector(std::vector<std::shared_ptr<const Detector>> detectors);
  [[nodiscard]] std::vector<Detection> detect(const Image& picture, int threads = 1) const override;

private:
  std::vector<std::shared_ptr<const Detector>> detectors_;
};

/// Looks at the picture and at its mirror image: for detectors that know one side of a face only, as OpenCV's
/// profileface does.
class MirroredDetector final : public Detector {
public:
  /// Throws Error if there is no detector.
  explicit MirroredDetector(std::shared_ptr<const Detector> detector);
  [[nodiscard]] std::vector<Detection> detect(const Image& picture, int threads = 1) const override;

private:
  std::shared_ptr<const Detector> detector_;
};

/// Looks at the picture as it is and turned by some angles, for faces that are not upright.
class TiltedDetector final : public Detector {
public:
  /// In degrees, clockwise as seen. Chosen by measurement (docs/detection.md): with the upright look they find most of
  /// the faces that lean by up to 30 degrees, and half at 45.
  static inline const std::vector<float> usual_turns = {-30, 30};

  /// Throws Error if there is no detector, or a turn is not within 180 degrees.
  explicit TiltedDetector(std::shared_ptr<const Detector> upright, std::vector<float> turns = usual_turns);
  /// The box of a turned face is the upright rectangle around the same centre, which may reach out of the picture;
  /// `roll` says by how much it is turned. Throws Error if the picture's diagonal is above 10,000 pixels.
  [[nodiscard]] std::vector<Detection> detect(const Image& picture, int threads = 1) const override;

private:
  std::shared_ptr<const Detector> upright_;
  std::vector<float> turns_;
};

} // namespace mien
