// SPDX-License-Identifier: Apache-2.0
#include "lib/io/exif.hpp"

#include "lib/io/jpeg_segments.hpp"
#include "lib/io/png_chunks.hpp"

#include <algorithm>
#include <string_view>

namespace mien {
namespace {

bool begins_with(Bytes bytes, std::string_view text) noexcept {
  return bytes.size() >= text.size() && std::ranges::equal(bytes.first(text.size()), std::as_bytes(std::span(text)));
}

/// The Exif data of a JPEG file; nothing if it has none.
Bytes exif_of_jpeg(Bytes file) noexcept {
  constexpr std::string_view title("Exif\0\0", 6);
  Bytes found;
  for_jpeg_segments(file, [&](std::uint32_t marker, std::size_t i) {
    const Bytes segment = piece(file, i + 2, std::max(2u, big16(file, i)) - 2); // the length counts itself
    const bool here = marker == jpeg_exif && begins_with(segment, title);
    if (here) found = segment.subspan(title.size());
    return !here && marker != jpeg_scan;
  });
  return found;
}

/// The Exif data of a PNG file; nothing if it has none.   Source: PNG 1.2 extensions 1.5.0, 3.7
Bytes exif_of_png(Bytes file) noexcept {
  Bytes found;
  for_png_chunks(file, [&](std::uint32_t name, Bytes data) {
    if (name == png_exif) found = data;
    return name != png_exif;
  });
  return found;
}

/// The orientation in a TIFF block: its first directory has entries of 12 bytes: tag, type, count, value.
std::uint32_t orientation_of(Bytes tiff) noexcept {
  constexpr std::uint32_t tag = 0x0112, short_type = 3;
  const bool big = begins_with(tiff, {"MM\0*", 4});
  if (!big && !begins_with(tiff, {"II*\0", 4})) return 1;
  const auto number16 = [&](std::size_t i) { return big ? big16(tiff, i) : little16(tiff, i); };
  const std::size_t directory = big ? big32(tiff, 4) : little32(tiff, 4);
  const std::size_t entries = number16(directory);
  for (std::size_t i = directory + 2; i < directory + 2 + 12 * entries; i += 12) {
    if (number16(i) == tag && number16(i + 2) == short_type) return number16(i + 8);
  }
  return 1;
}

} // namespace

int exif_orientation(Bytes file) noexcept {
  Bytes tiff;
  if (begins_with(file, "\xff\xd8")) tiff = exif_of_jpeg(file);
  if (begins_with(file, "\x89PNG")) tiff = exif_of_png(file);
  const auto orientation = orientation_of(tiff);
  return orientation >= 1 && orientation <= 8 ? static_cast<int>(orientation) : 1;
}

} // namespace mien
