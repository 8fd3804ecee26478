// SPDX-License-Identifier: Apache-2.0
// The sizes at which a cascade looks at a picture.
#pragma once

#include "mien/vision/cascade_detector.hpp"

#include <vector>

namespace mien {

/// The picture once made smaller, so that faces of one size become as large as the cascade's window.
struct PyramidLevel {
  float scale = 1;           ///< the picture's size over the level's
  int width = 0, height = 0; ///< of the level
  int step = 1;              ///< pixels of the level from one window to the next, across and down
  int columns = 0, rows = 0; ///< windows there are room for, a step apart
  Box window;                ///< what the first window covers in the picture

  /// What the window in this column and row of windows covers in the picture.
  [[nodiscard]] Box box(int column, int row) const noexcept;
};

/// The levels of a picture of width x height for a cascade trained on window_width x window_height, in OpenCV's order:
/// from small faces to large ones. None if the picture is smaller than the window.
///
/// The factor of a level is rounded to float, as are the products with it: boxes depend on that.
/// Source: OpenCV 4, modules/objdetect, detectMultiScale.
[[nodiscard]] std::vector<PyramidLevel> pyramid(int width, int height, int window_width, int window_height,
                                                const CascadeSettings& settings);

} // namespace mien
