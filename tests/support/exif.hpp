// SPDX-License-Identifier: Apache-2.0
// Exif data for tests, and picture files that carry them.
#pragma once

#include "tests/support/pictures.hpp"

#include <string>

namespace mien::test {

/// A number in 2 or 4 bytes.
inline std::string number(std::uint32_t value, int bytes, bool big) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> 8 * (big ? bytes - 1 - i : i) & 255);
  return text;
}

/// A TIFF block whose directory holds another entry and the orientation.
inline std::string exif_data(std::uint32_t orientation, bool big) {
  const auto n = [&](std::uint32_t value, int bytes) { return number(value, bytes, big); };
  const std::string resolution_unit = n(0x0128, 2) + n(3, 2) + n(1, 4) + n(2, 2) + n(0, 2);
  const std::string entry = n(0x0112, 2) + n(3, 2) + n(1, 4) + n(orientation, 2) + n(0, 2);
  return (big ? "MM" : "II") + n(42, 2) + n(8, 4) + n(2, 2) + resolution_unit + entry + n(0, 4);
}

/// A JPEG file with Exif data behind its first marker.
inline std::string jpeg_with_exif(std::string jpeg, const std::string& tiff) {
  const std::string segment = std::string("Exif\0\0", 6) + tiff;
  return jpeg.insert(2, "\xff\xe1" + number(static_cast<std::uint32_t>(segment.size() + 2), 2, true) + segment);
}

/// A PNG file with Exif data behind its header; the checksum is left out, as no decoder here asks for it.
inline std::string png_with_exif(std::string png, const std::string& tiff) {
  return png.insert(33, number(static_cast<std::uint32_t>(tiff.size()), 4, true) + "eXIf" + tiff + "abcd");
}

} // namespace mien::test
