// SPDX-License-Identifier: Apache-2.0
// Binary PNM (PGM and PPM), with any greatest value and with 16 bits, which stb_image 2.27 gets wrong.
#pragma once

#include "mien/io/image.hpp"

namespace mien {

/// True for the first bytes of a binary PGM or PPM file.
[[nodiscard]] bool is_pnm(std::span<const std::byte> bytes) noexcept;

/// Decodes it: 1 channel from P5, 3 from P6, values scaled from [0, greatest] to [0, 255] and rounded.
/// Throws Error as decode_image does.   Source: netpbm.sourceforge.net/doc/pgm.html
[[nodiscard]] Image decode_pnm(std::span<const std::byte> bytes, std::string_view name);

/// Throws Error if a picture has no pixels or more than `most_pixels`: for every format.
void expect_decodable_size(std::int64_t width, std::int64_t height, std::string_view name);

} // namespace mien
