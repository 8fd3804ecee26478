// SPDX-License-Identifier: Apache-2.0
// Whether a picture file is complete, for the formats whose decoder fills a missing end with black.
#pragma once

#include <cstddef>
#include <span>

namespace mien {

/// True if a JPEG or BMP file ends before its picture does; PNG is checked by its decoder.
[[nodiscard]] bool is_cut_short(std::span<const std::byte> bytes) noexcept;

} // namespace mien
