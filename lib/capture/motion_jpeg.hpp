// SPDX-License-Identifier: Apache-2.0
// Frames of motion JPEG: JPEG files that may leave out their Huffman tables.
#pragma once

#include "lib/io/bytes.hpp"
#include "mien/io/image.hpp"

#include <vector>

namespace mien {

/// Decodes one frame after the other and keeps their memory.
class MotionJpeg {
public:
  /// Decodes a frame whose size must be the given one, unless that is 0x0. With `grey` its brightness alone, which
  /// takes two thirds of the time; else grey stays grey and colour becomes RGB.
  ///
  /// Returns what is wrong with it, or null. Damaged frames are common, from a shaky cable or in a file that was cut
  /// short, so they are no Error. A frame without Huffman tables gets the usual ones.
  /// Source: ITU-T T.81, table K.3 to K.6, which motion JPEG takes as given (OpenDML AVI 1.02, "MJPEG DIB").
  [[nodiscard]] const char* decode(Image& picture, Bytes bytes, int width, int height, bool grey);

private:
  std::vector<std::byte> completed_;
};

} // namespace mien
