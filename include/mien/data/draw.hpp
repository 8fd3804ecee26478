// SPDX-License-Identifier: Apache-2.0
// The simplest of drawing: rectangles and text.
#pragma once

#include "mien/io/image.hpp"

#include <cstdint>
#include <string_view>

namespace mien {

/// What is drawn with; a grey picture takes its grey.
struct Colour {
  std::uint8_t r = 0, g = 0, b = 0;

  friend bool operator==(const Colour&, const Colour&) = default;
};

/// Fills a rectangle; what lies outside the picture is cut off.
void fill(Image& picture, int x, int y, int width, int height, Colour colour);

/// A character is drawn into 5 x 8 dots: capitals take the upper seven, and the last hangs below the line. Characters
/// are a dot apart.
inline constexpr int glyph_width = 5, glyph_height = 8;

/// How many dots wide a line of text is: 0 for none.
[[nodiscard]] constexpr int text_width(std::string_view text) noexcept {
  return text.empty() ? 0 : static_cast<int>(text.size()) * (glyph_width + 1) - 1;
}

/// Writes text in our own small font, every dot as `dot` x `dot` pixels, its top left corner at (x, y). What lies
/// outside the picture is cut off; a character that is not printable ASCII shows as a question mark.
void draw_text(Image& picture, int x, int y, std::string_view text, Colour colour, int dot = 1);

} // namespace mien
