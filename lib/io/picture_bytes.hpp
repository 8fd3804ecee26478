// SPDX-License-Identifier: Apache-2.0
// What stb_image does not check: whether a picture file is complete, and what would make it write out of bounds.
#pragma once

#include <cstddef>
#include <span>

namespace mien {

/// What is wrong with the bytes of a JPEG or BMP file, or null. PNG is checked by its decoder.
[[nodiscard]] const char* picture_problem(std::span<const std::byte> bytes) noexcept;

} // namespace mien
