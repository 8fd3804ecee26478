// SPDX-License-Identifier: Apache-2.0
#include "mien/vision/alignment.hpp"

#include "lib/vision/turned.hpp"
#include "mien/core/math.hpp"
#include "mien/data/cut.hpp"
#include "mien/data/grey.hpp"
#include "mien/data/resize.hpp"
#include "mien/vision/cascade.hpp"
#include "mien/vision/face_finder.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace mien {
namespace {

// In pixels of the face as it is searched. On FER2013's faces, eyes are found at 30 and 68 of 100 parts of the width
// and 38 of the height; the bands leave them 15 parts on either side, and turned faces more.
constexpr int face_side = 96;
constexpr int band_top = 14, band_bottom = 58;
constexpr int half_width = 53; // a little more than half: the halves overlap
constexpr CascadeSettings eye_settings{.scale_factor = 1.1, .min_neighbors = 2, .min_face = 20, .max_face = 40};

/// The surest eye in the band's columns from `left` on.
std::optional<Point> eye_in(const Image& face, int left, const CascadeDetector& detector) {
  Image band{half_width, band_bottom - band_top, 1, {}};
  for (int y = band_top; y < band_bottom; ++y) {
    const auto* row = &face.pixels[static_cast<std::size_t>(y * face_side + left)];
    band.pixels.insert(band.pixels.end(), row, row + half_width);
  }
  const auto found = detector.detect(band);
  const auto best = std::ranges::max_element(found, {}, &Detection::score);
  if (best == found.end()) return std::nullopt;
  return Point{left + best->box.x + best->box.width / 2.0, band_top + best->box.y + best->box.height / 2.0};
}

/// Where a point of the searched face is in the picture.
Point in_picture(Point point, const FaceSquare& square) {
  const double scale = square.side / face_side;
  const double right = scale * (point.x - face_side / 2.0), down = scale * (point.y - face_side / 2.0);
  return turned({square.x, square.y}, right, down, square.degrees);
}

} // namespace

double Eyes::roll() const noexcept { return 360 * math::turns_of(right_x - left_x, right_y - left_y); }

EyeFinder::EyeFinder() : detector_(named_cascade("eye"), eye_settings) {}

std::optional<Eyes> EyeFinder::find(const Image& picture, const Detection& face) const {
  const auto square = face_square(face, {});
  const auto searched = resized(to_grey(cut(picture, square)), face_side, face_side);
  const auto left = eye_in(searched, 0, detector_), right = eye_in(searched, face_side - half_width, detector_);
  if (!left || !right || right->x - left->x < face_side / 5.0) return std::nullopt;
  const auto a = in_picture(*left, square), b = in_picture(*right, square);
  return Eyes{a.x, a.y, b.x, b.y};
}

} // namespace mien
