// SPDX-License-Identifier: Apache-2.0
// A walk through the chunks of a PNG file.
#pragma once

#include "lib/io/bytes.hpp"

namespace mien {

inline constexpr std::uint32_t png_exif = 0x65584966, png_end = 0x49454e44; // "eXIf", "IEND"

/// Calls visit(name, data) for each chunk that is whole (but for its checksum), until it returns false.
/// Source: PNG 1.2, 3.2
template <class Visit> void for_png_chunks(Bytes bytes, const Visit& visit) {
  for (std::size_t i = 8; i + 8 <= bytes.size();) { // length, name, data, checksum
    const std::size_t length = big32(bytes, i);
    const Bytes data = piece(bytes, i + 8, length);
    if (data.size() < length || !visit(big32(bytes, i + 4), data)) return;
    i += 12 + length;
  }
}

} // namespace mien
