// SPDX-License-Identifier: Apache-2.0
// What stb_image does not check: whether a picture file is complete, and what would make it write out of bounds.
#pragma once

#include "lib/io/bytes.hpp"

namespace mien {

/// What is wrong with the bytes of a JPEG, PNG or BMP file, or null.
[[nodiscard]] const char* picture_problem(Bytes bytes) noexcept;

/// False if so many pixels cannot stand in so few bytes of PNG or JPEG: checked before memory is taken for them.
[[nodiscard]] bool holds(Bytes bytes, std::int64_t width, std::int64_t height) noexcept;

} // namespace mien
