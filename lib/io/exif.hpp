// SPDX-License-Identifier: Apache-2.0
// How a camera was held: the orientation that it wrote beside the pixels.
#pragma once

#include "lib/io/bytes.hpp"

namespace mien {

/// The orientation, 1 to 8, in the Exif data of a JPEG file (segment APP1) or a PNG file (chunk eXIf).
///
///   1 upright, 2 mirrored, 3 upside down, 4 both; 5 to 8 the same four with rows and columns exchanged
///
/// 1 where there is none, or none that makes sense: a picture is worth more than its Exif data.
/// Source: CIPA DC-008 (Exif 2.32), 4.6.2 and 4.6.5; TIFF 6.0, section 2
[[nodiscard]] int exif_orientation(Bytes file) noexcept;

} // namespace mien
