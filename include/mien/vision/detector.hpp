// SPDX-License-Identifier: Apache-2.0
// What finds faces in a picture: an interface, so that cascades and networks are used alike.
#pragma once

#include "mien/io/image.hpp"

#include <vector>

namespace mien {

/// A rectangle of whole pixels; the origin is the picture's top left corner.
struct Box {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;

  friend bool operator==(const Box&, const Box&) = default;
};

/// A face that was found.
struct Detection {
  Box box;           ///< the detector's rectangle; of a turned face, the upright rectangle around the same centre
  double score = 0;  ///< how sure the detector is, on a scale of its own; larger is surer
  int neighbors = 1; ///< how many windows agreed
  float roll = 0; ///< degrees by which the face is turned, clockwise as seen; 0 where the detector looks upright only

  friend bool operator==(const Detection&, const Detection&) = default;
};

/// Where faces are looked for, and of what size: around one that is known, say.
struct Search {
  Box region{};  ///< pixels of the picture; what lies outside of it is left out
  int least = 0; ///< the narrowest box
  int most = 0;  ///< the widest one; 0: any

  friend bool operator==(const Search&, const Search&) = default;
};

/// Finds faces. Many threads may call one const Detector.
class Detector {
public:
  virtual ~Detector() = default;

  /// The faces of a picture, grey or RGB, in an order that does not depend on `threads`.
  /// Throws Error if the picture's extents and bytes disagree.
  [[nodiscard]] virtual std::vector<Detection> detect(const Image& picture, int threads = 1) const = 0;

  /// The same faces as far as they lie wholly in a region and within a range of sizes, give or take a pixel or two: in
  /// less time, since nothing else is looked at. None if the region does not touch the picture.
  [[nodiscard]] virtual std::vector<Detection> detect_in(const Image& picture, const Search& search,
                                                         int threads = 1) const;

protected:
  Detector() = default;
  Detector(const Detector&) = default;
  Detector& operator=(const Detector&) = default;
};

} // namespace mien
