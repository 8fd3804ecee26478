// SPDX-License-Identifier: Apache-2.0
// Rectangles, and a font of 95 characters.
#include "mien/data/draw.hpp"

#include "mien/data/grey.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace mien {
namespace {

/// ' ' to '~': a byte a column from the left, its highest bit at the top.
// clang-format off
constexpr std::array<std::uint64_t, 95> glyphs = {
    0x0000000000, 0x0000fa0000, 0x00e000e000, 0x28fe28fe28, 0x2454fe5448, 0xc6c81026c6, 0x6c92aa440a, 0x0000e00000, //  !"#$%&'
    0x0038448200, 0x0082443800, 0x28107c1028, 0x10107c1010, 0x0001060400, 0x1010101010, 0x0006060000, 0x06081020c0, // ()*+,-./
    0x7c8a92a27c, 0x0042fe0200, 0x42868a9262, 0x8482a2d28c, 0x182848fe08, 0xe4a2a2a29c, 0x3c5292920c, 0x808e90a0c0, // 01234567
    0x6c9292926c, 0x6092929478, 0x006c6c0000, 0x006d6e0000, 0x0010284482, 0x2828282828, 0x8244281000, 0x40808a9060, // 89:;<=>?
    0x7c82baaa78, 0x7e9090907e, 0xfe9292926c, 0x7c82828244, 0xfe8282827c, 0xfe92929282, 0xfe90909080, 0x7c8292925e, // @ABCDEFG
    0xfe101010fe, 0x0082fe8200, 0x040282fc80, 0xfe10284482, 0xfe02020202, 0xfe403040fe, 0xfe402010fe, 0x7c8282827c, // HIJKLMNO
    0xfe90909060, 0x7c828a847a, 0xfe90989462, 0x629292928c, 0x8080fe8080, 0xfc020202fc, 0xf8040204f8, 0xfe041804fe, // PQRSTUVW
    0xc6281028c6, 0xc0201e20c0, 0x868a92a2c2, 0x00fe828200, 0xc020100806, 0x008282fe00, 0x2040804020, 0x0202020202, // XYZ[\]^_
    0x0080402000, 0x042a2a2a1e, 0xfe2222221c, 0x1c22222200, 0x1c222222fe, 0x1c2a2a2a18, 0x207ea0a000, 0x182525253e, // `abcdefg
    0xfe2020201e, 0x0022be0200, 0x000121be00, 0x00fe081422, 0x0080fc0200, 0x3e201e201e, 0x3e2020201e, 0x1c2222221c, // hijklmno
    0x3f2222221c, 0x1c2222223f, 0x3e10202000, 0x122a2a2a24, 0x20fc222200, 0x3c0202043e, 0x3804020438, 0x3c021c023c, // pqrstuvw
    0x2214081422, 0x380505053e, 0x22262a3222, 0x00106c8200, 0x0000fe0000, 0x00826c1000, 0x1020101020, // xyz{|}~
};
// clang-format on

constexpr std::uint64_t glyph(char c) noexcept {
  const bool known = c >= ' ' && c <= '~';
  return glyphs[static_cast<std::size_t>((known ? c : '?') - ' ')];
}

} // namespace

void fill(Image& picture, int x, int y, int width, int height, Colour colour) {
  const std::array<std::uint8_t, 3> bytes = {picture.channels == 1 ? grey(colour.r, colour.g, colour.b) : colour.r,
                                             colour.g, colour.b};
  const int right = std::min(x + width, picture.width), bottom = std::min(y + height, picture.height);
  for (int row = std::max(y, 0); row < bottom; ++row) {
    for (int column = std::max(x, 0); column < right; ++column) {
      const auto pixel = (std::ptrdiff_t{row} * picture.width + column) * picture.channels;
      std::copy_n(bytes.begin(), picture.channels, picture.pixels.begin() + pixel);
    }
  }
}

void draw_text(Image& picture, int x, int y, std::string_view text, Colour colour, int dot) {
  for (const char c : text) {
    for (int column = 0; column < glyph_width; ++column) {
      const auto dots = glyph(c) >> 8 * (glyph_width - 1 - column);
      for (int row = 0; row < glyph_height; ++row) {
        if (dots >> (glyph_height - 1 - row) & 1) fill(picture, x + column * dot, y + row * dot, dot, dot, colour);
      }
    }
    x += (glyph_width + 1) * dot;
  }
}

} // namespace mien
