// SPDX-License-Identifier: Apache-2.0
// A picture in, its faces with their apparent expressions out.
#pragma once

#include "mien/data/cut.hpp"
#include "mien/nn/classifier.hpp"
#include "mien/vision/face_finder.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace mien {

/// A face in a picture, and what the classifier calls it.
struct Face {
  Box box{};                          ///< the detector's rectangle, in pixels of the picture
  double score = 0;                   ///< how sure the detector is, on a scale of its own
  float roll = 0;                     ///< degrees by which the face is turned, clockwise as seen
  std::string label{};                ///< of the largest probability; the first of equals
  std::vector<float> probabilities{}; ///< in the order of Recognizer::labels()
  FaceSquare square{};                ///< what the classifier saw: to_input_bytes(cut(picture, square), preprocessing)

  friend bool operator==(const Face&, const Face&) = default;
};

/// Finds the faces of a picture and names their apparent expressions.
///
/// Many threads may call one const Recognizer: it keeps the memory of a few classifier sessions and hands one to each
/// caller. A copy shares everything with its original. Nothing is kept of a picture.
class Recognizer {
public:
  /// The shipped model and its detector. Throws Error if the library was built without the model.
  Recognizer();
  /// Finds faces with the cascade that the model was fitted to: classifier.preprocessing().face.detector.
  /// Throws Error if no such cascade is compiled in.
  explicit Recognizer(Classifier classifier);
  /// Faces are cut as classifier.preprocessing().face says. Throws Error if there is no detector.
  Recognizer(Classifier classifier, std::shared_ptr<const Detector> detector);

  [[nodiscard]] const Classifier& classifier() const noexcept;
  [[nodiscard]] const FaceFinder& finder() const noexcept;
  [[nodiscard]] std::span<const std::string> labels() const noexcept { return classifier().labels(); }

  /// The faces of a picture, grey or RGB; none is an empty list. Neither their order nor a bit of them depends on
  /// `threads`. Throws Error if the picture's extents and bytes disagree.
  [[nodiscard]] std::vector<Face> recognize(const Image& picture, int threads = 1,
                                            FaceOrder order = FaceOrder::by_size) const;
  /// The faces that were found already, in their order. Throws Error as cut() does.
  [[nodiscard]] std::vector<Face> name(const Image& picture, std::span<const FoundFace> found, int threads = 1) const;
  /// The picture taken as one face, as training takes its pictures: the box is the picture.
  [[nodiscard]] Face recognize_whole(const Image& picture, int threads = 1) const;

private:
  class Parts;
  std::shared_ptr<Parts> parts_;
};

} // namespace mien
