// SPDX-License-Identifier: Apache-2.0
// A grey picture that shapes are painted on with soft edges, through a pose.
#pragma once

#include "lib/emotion/shapes.hpp"
#include "mien/core/rng.hpp"
#include "mien/io/image.hpp"

#include <cstddef>
#include <vector>

namespace mien::faces {

/// How the drawing lies in the picture.
struct Pose {
  float roll = 0;  ///< turns, clockwise
  float scale = 1; ///< picture units a drawing unit
  Point shift;     ///< of the drawing's origin, in picture units
  float yaw = 0;   ///< how far the middle of the face moves sideways while its outline stays
  float nod = 0;   ///< the same, downwards
};

/// What a shape is painted with. Black of some opacity is a shadow, white a light.
struct Ink {
  float grey = 0;     ///< 0 black, 1 white
  float opacity = 1;  ///< 1 covers what is there
  float softness = 0; ///< how wide the edge is, beyond one pixel, in drawing units
};

/// What a camera does to the picture at last.
struct Camera {
  float blur = 0;     ///< the weight of each neighbour, 0 to 1/3
  float contrast = 1; ///< about middle grey
  float brightness = 0;
  float noise = 0; ///< standard deviation
};

/// The picture's shorter side spans [-1, 1] in picture units, and (0, 0) is its middle.
class Canvas {
public:
  Canvas(int width, int height, const Pose& pose);

  /// From now on the drawing lies in the picture like this.
  void look(const Pose& pose);

  /// Paints a shape: anything with box() and distance().
  template <class Shape> void paint(const Shape& shape, Ink ink) {
    if (ink.opacity <= 0) return;
    for_covered(shape, ink.softness,
                [&](float& value, Point, float coverage) { value += coverage * ink.opacity * (ink.grey - value); });
  }
  /// Darkens what a shape covers towards the outline of the face, by `rim` r^4 at r from its middle: it is round.
  template <class Shape> void round_off(const Shape& shape, float rim) {
    for_covered(shape, 0, [&](float& value, Point p, float coverage) {
      const float square = p.x * p.x + p.y * p.y;
      value *= 1 - coverage * rim * square * square;
    });
  }
  /// Lights the picture from one side: multiplies it by 1 + p . towards at p.
  void light(Point towards) noexcept;
  /// Fills the picture from one grey at the top left to another at the bottom right.
  void background(float first, float last) noexcept;
  /// The picture as bytes, as the camera saw it; noise is drawn from `rng`.
  [[nodiscard]] Image photograph(const Camera& camera, Rng& rng);

private:
  struct Window {
    int left, top, right, bottom; // pixels, the last ones excluded
  };

  [[nodiscard]] std::size_t index(int x, int y) const noexcept {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x);
  }
  /// The pixels that a box of the drawing can reach.
  [[nodiscard]] Window window(Box box, float margin) const noexcept;
  void blur(float weight);

  template <class Shape, class Change> void for_covered(const Shape& shape, float softness, const Change& change) {
    const float edge = pixel_ + softness, steepness = 1 / edge;
    const Window w = window(shape.box(), edge / 2);
    for (int y = w.top; y < w.bottom; ++y) {
      for (int x = w.left; x < w.right; ++x) {
        const std::size_t i = index(x, y);
        const float inside = 0.5f - shape.distance(where_[i]) * steepness;
        if (inside <= 0) continue;
        const float c = std::min(inside, 1.0f);
        change(values_[i], where_[i], c * c * (3 - 2 * c));
      }
    }
  }

  int width_, height_;
  float unit_; // the shorter of them
  Pose pose_;
  Point turn_;                // cosine and sine of the roll
  float pixel_ = 0;           // drawing units a pixel
  std::vector<Point> where_;  // what each pixel's middle shows of the drawing
  std::vector<float> values_; // greys
};

} // namespace mien::faces
