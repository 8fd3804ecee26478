// SPDX-License-Identifier: Apache-2.0
#include "mien/data/grey.hpp"

namespace mien {

Image to_grey(const Image& picture) {
  if (picture.channels == 1) return picture;
  Image result{picture.width, picture.height, 1, {}};
  result.pixels.resize(picture.pixels.size() / 3);
  const auto* rgb = picture.pixels.data();
  for (auto& y : result.pixels) {
    y = grey(rgb[0], rgb[1], rgb[2]);
    rgb += 3;
  }
  return result;
}

Image to_rgb(const Image& picture) {
  if (picture.channels == 3) return picture;
  Image result{picture.width, picture.height, 3, {}};
  result.pixels.reserve(3 * picture.pixels.size());
  for (const auto y : picture.pixels) result.pixels.insert(result.pixels.end(), 3, y);
  return result;
}

} // namespace mien
