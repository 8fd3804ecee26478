// SPDX-License-Identifier: Apache-2.0
#include "mien/data/draw.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pictures.hpp"

#include <set>
#include <string>

using namespace mien;

TEST_CASE("draw: a rectangle is filled and cut off at the edges, in grey and in colour") {
  Image grey = test::constant(4, 3, 9);
  fill(grey, -5, 1, 7, 1, {200, 200, 200});
  CHECK(grey.pixels == std::vector<std::uint8_t>{9, 9, 9, 9, 200, 200, 9, 9, 9, 9, 9, 9});
  fill(grey, 3, 2, 100, 100, {255, 0, 0}); // red is this grey
  CHECK(grey.pixels == std::vector<std::uint8_t>{9, 9, 9, 9, 200, 200, 9, 9, 9, 9, 9, 76});
  Image colour{2, 1, 3, {1, 2, 3, 4, 5, 6}};
  fill(colour, 1, 0, 1, 1, {7, 8, 9});
  CHECK(colour.pixels == std::vector<std::uint8_t>{1, 2, 3, 7, 8, 9});
  fill(colour, 2, 0, 5, 5, {});
  fill(colour, 0, -9, 5, 5, {});
  CHECK(colour.pixels == std::vector<std::uint8_t>{1, 2, 3, 7, 8, 9});
}

TEST_CASE("draw: text is drawn dot by dot, capitals on the line and a tail below it") {
  const auto drawn = [](std::string_view text) {
    Image picture = test::constant(text_width(text), glyph_height, '.');
    draw_text(picture, 0, 0, text, {'#', '#', '#'});
    std::string rows;
    for (std::size_t i = 0; i < picture.pixels.size(); ++i) {
      rows += static_cast<char>(picture.pixels[i]);
      if ((i + 1) % static_cast<std::size_t>(picture.width) == 0) rows += '\n';
    }
    return rows;
  };
  CHECK(drawn("Tg") == "#####......\n"
                       "..#........\n"
                       "..#....####\n"
                       "..#...#...#\n"
                       "..#...#...#\n"
                       "..#....####\n"
                       "..#.......#\n"
                       ".......###.\n");
  std::set<std::string> seen;
  for (char c = ' '; c <= '~'; ++c) seen.insert(drawn(std::string(1, c)));
  CHECK(seen.size() == 95); // no two characters look the same
  CHECK(drawn("\x80") == drawn("?"));
  CHECK(drawn("\n") == drawn("?"));
}

TEST_CASE("draw: every dot of larger text is a square, and text is cut off at the edge") {
  Image picture = test::constant(4, 4, 0);
  draw_text(picture, -2, -1, "E", {1, 1, 1}, 2);                // its first column, and its first and second row
  CHECK(picture.pixels == std::vector<std::uint8_t>{1, 1, 1, 1, //
                                                    0, 0, 0, 0, //
                                                    0, 0, 0, 0, //
                                                    0, 0, 0, 0});
  CHECK(text_width("") == 0);
  CHECK(text_width("ab") == 11);
}
