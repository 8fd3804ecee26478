// SPDX-License-Identifier: Apache-2.0
// From a photograph to the squares that are cut out of it.
#pragma once

#include "mien/data/cut.hpp"
#include "mien/data/preprocessing.hpp"
#include "mien/vision/alignment.hpp"
#include "mien/vision/detector.hpp"

#include <memory>
#include <vector>

namespace mien {

/// The square around a detected face.
///
///   side = scale (width + height) / 2,  centre = box's centre + turned by roll(x width, y height),  turned by roll
[[nodiscard]] FaceSquare face_square(const Detection& face, const FaceCrop& crop);

/// A face and the square to cut() for it. Where the crop is aligned and both eyes were found, the square is turned
/// until they are level; the detection stays as the detector told it.
struct FoundFace {
  Detection detection;
  FaceSquare square;

  friend bool operator==(const FoundFace&, const FoundFace&) = default;
};

/// The orders in which faces are told: the largest box first, or from left to right; then from left to right and top
/// to bottom.
enum class FaceOrder { by_size, left_to_right };

/// Finds faces and says what to cut out: what prediction, the camera and `mien data crop` share.
/// Many threads may call one const FaceFinder.
class FaceFinder {
public:
  /// Throws Error if there is no detector.
  explicit FaceFinder(std::shared_ptr<const Detector> detector, FaceCrop crop = {});

  [[nodiscard]] const Detector& detector() const noexcept { return *detector_; }
  [[nodiscard]] const FaceCrop& crop() const noexcept { return crop_; }

  /// The faces of a picture, grey or RGB; their order does not depend on `threads`. Throws as Detector::detect does.
  [[nodiscard]] std::vector<FoundFace> find(const Image& picture, int threads = 1,
                                            FaceOrder order = FaceOrder::by_size) const;

  /// What to cut out for a face that was found otherwise. Throws Error if it is aligned and the picture's extents and
  /// bytes disagree.
  [[nodiscard]] FoundFace found(const Image& picture, const Detection& face) const;

private:
  std::shared_ptr<const Detector> detector_;
  FaceCrop crop_;
  std::shared_ptr<const EyeFinder> eyes_; ///< where faces are aligned
};

} // namespace mien
