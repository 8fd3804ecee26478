// SPDX-License-Identifier: Apache-2.0
#include "lib/io/upright.hpp"

#include <algorithm>

namespace mien {
namespace {

/// Where the upright picture's pixel (x, y) is stored: first + x right + y down, in pixels.
struct Walk {
  std::ptrdiff_t first, right, down;
};

Walk walk_for(std::ptrdiff_t width, std::ptrdiff_t height, int orientation) {
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool from_below = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const std::ptrdiff_t column = from_right ? -1 : 1, row = from_below ? -width : width;
  const std::ptrdiff_t first = (from_right ? width - 1 : 0) + (from_below ? (height - 1) * width : 0);
  return orientation >= 5 ? Walk{first, row, column} : Walk{first, column, row};
}

/// Copies `colours` bytes a pixel; one more in the source is its alpha.
template <int colours, bool has_alpha> void copy(Image& to, const std::uint8_t* from, const Walk& walk) {
  constexpr int size = colours + (has_alpha ? 1 : 0);
  auto* out = to.pixels.data();
  for (int y = 0; y < to.height; ++y) {
    for (int x = 0; x < to.width; ++x) {
      const auto* in = from + (walk.first + x * walk.right + y * walk.down) * size;
      for (int c = 0; c < colours; ++c) {
        *out++ = has_alpha ? static_cast<std::uint8_t>((in[c] * in[colours] + 255 * (255 - in[colours]) + 127) / 255)
                           : in[c];
      }
    }
  }
}

} // namespace

Image upright(const StoredPixels& stored, int orientation) {
  Image picture{stored.width, stored.height, stored.channels <= 2 ? 1 : 3, {}};
  if (orientation >= 5) std::swap(picture.width, picture.height);
  const auto walk = walk_for(stored.width, stored.height, orientation);
  picture.pixels.resize(static_cast<std::size_t>(stored.width) * static_cast<std::size_t>(stored.height) *
                        static_cast<std::size_t>(picture.channels));
  switch (stored.channels) {
  case 1: copy<1, false>(picture, stored.bytes, walk); break;
  case 2: copy<1, true>(picture, stored.bytes, walk); break;
  case 3: copy<3, false>(picture, stored.bytes, walk); break;
  default: copy<3, true>(picture, stored.bytes, walk); break;
  }
  return picture;
}

} // namespace mien
