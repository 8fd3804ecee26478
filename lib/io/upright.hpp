// SPDX-License-Identifier: Apache-2.0
// From a decoder's pixels to a picture as it is looked at.
#pragma once

#include "mien/io/image.hpp"

namespace mien {

/// Rows as they stand in a file: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.
struct StoredPixels {
  const std::uint8_t* bytes = nullptr;
  int width = 0;
  int height = 0;
  int channels = 1;
};

/// The picture turned and mirrored as its orientation (1 to 8, see exif_orientation) asks for, what is transparent laid
/// over white. The one copy that a decoded picture takes.
[[nodiscard]] Image upright(const StoredPixels& stored, int orientation);

} // namespace mien
