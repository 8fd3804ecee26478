// SPDX-License-Identifier: Apache-2.0
// Colour to grey, by one formula everywhere, and grey to three channels.
#pragma once

#include "mien/io/image.hpp"

#include <cstdint>

namespace mien {

/// How bright a colour looks, in whole numbers, so that it is the same byte on every machine; a grey colour keeps its
/// value.
///
///   y = (9798 r + 19235 g + 3735 b + 16384) >> 15, that is 0.299 r + 0.587 g + 0.114 b, rounded
///
/// Source: ITU-R BT.601.
[[nodiscard]] constexpr std::uint8_t grey(std::uint8_t r, std::uint8_t g, std::uint8_t b) noexcept {
  return static_cast<std::uint8_t>((9798u * r + 19235u * g + 3735u * b + 16384u) >> 15);
}

/// A picture with one channel; a grey one is returned as it is.
[[nodiscard]] Image to_grey(const Image& picture);

/// A picture with three channels; one in RGB is returned as it is.
[[nodiscard]] Image to_rgb(const Image& picture);

} // namespace mien
