// SPDX-License-Identifier: Apache-2.0
// Making a grey picture smaller as OpenCV's INTER_LINEAR_EXACT does, a row at a time.
#pragma once

#include "mien/io/image.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace mien {

/// Between which two pixels a new pixel lies, and how much of the second it takes, of 256.
struct LinearTap {
  std::int32_t first = 0;
  std::int32_t share = 0;
};

/// The taps of `to` pixels that lie evenly over `from`; beyond the outermost centres they repeat the outermost pixel.
[[nodiscard]] std::vector<LinearTap> linear_taps(int from, int to);

/// Bilinear interpolation without any rounding but the last: the bytes of cv2.resize(..., INTER_LINEAR_EXACT).
///
///   y = (sum of p[j,i] * share[j] * share[i] over 2 x 2 pixels + 2^15) >> 16
///
/// A view of the picture, which must live on. Source: OpenCV 4, modules/imgproc, resize.
class ExactResize {
public:
  ExactResize(const Image& grey, int width, int height);

  /// Row y of the smaller picture. `row` has `width` bytes.
  void row(std::span<std::uint8_t> row, int y);

private:
  const Image* grey_;
  std::vector<LinearTap> across_, down_;
  std::vector<std::uint16_t> between_; // two rows of the picture made one, 256 times as bright
};

} // namespace mien
