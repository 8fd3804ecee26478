// SPDX-License-Identifier: Apache-2.0
// A walk through the segments of a JPEG file.
#pragma once

#include "lib/io/bytes.hpp"

namespace mien {

inline constexpr std::uint32_t jpeg_exif = 0xe1, jpeg_tables = 0xc4, jpeg_scan = 0xda, jpeg_end = 0xd9;

/// Calls visit(marker, place of the segment's length) for each segment and for the end marker, until it returns false.
///
/// Inside a scan an FF is followed by 00 or a restart, so a marker found there ends the scan. What a camera appends
/// after the end marker (a second picture, a film) is not looked at.   Source: ITU-T T.81, annex B
template <class Visit> void for_jpeg_segments(Bytes bytes, const Visit& visit) {
  std::size_t i = 1;
  while (byte_at(bytes, i) == 0xff) ++i; // any marker may begin with more than one FF, even the first
  for (++i; i + 2 <= bytes.size();) {
    const auto marker = byte_at(bytes, i + 1);
    if (byte_at(bytes, i) != 0xff || marker == 0xff) {
      ++i;
    } else if (marker == 0 || (marker >= 0xd0 && marker <= 0xd7)) {
      i += 2;
    } else {
      if (!visit(marker, i + 2) || marker == jpeg_end) return;
      i += 2 + big16(bytes, i + 2);
    }
  }
}

} // namespace mien
