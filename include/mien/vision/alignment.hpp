// SPDX-License-Identifier: Apache-2.0
// Where a face's eyes are, and by how much they are off level.
#pragma once

#include "mien/vision/cascade_detector.hpp"
#include "mien/vision/detector.hpp"

#include <optional>

namespace mien {

/// The centres of two eyes in pixels, as in FaceSquare; left and right are the picture's.
struct Eyes {
  double left_x = 0, left_y = 0;
  double right_x = 0, right_y = 0;

  /// Degrees by which the line through them is turned, clockwise as seen.
  [[nodiscard]] double roll() const noexcept;

  friend bool operator==(const Eyes&, const Eyes&) = default;
};

/// Finds the eyes of detected faces with the cascade `eye`. Many threads may call one const EyeFinder.
///
/// The face is brought to 96x96 pixels first, and each eye is looked for in one half of the band in which eyes are, so
/// that a face takes the same short time whatever its size. Of several, the surest counts.
class EyeFinder {
public:
  EyeFinder();

  /// The eyes of a face; nothing if one of them is not found, or if they are nearer than a fifth of the box's width.
  /// Throws Error if the picture's extents and bytes disagree, or if the box is empty.
  [[nodiscard]] std::optional<Eyes> find(const Image& picture, const Detection& face) const;

private:
  CascadeDetector detector_;
};

} // namespace mien
