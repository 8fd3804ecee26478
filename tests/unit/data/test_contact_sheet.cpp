// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/data/contact_sheet.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pictures.hpp"

#include <algorithm>

using namespace mien;

TEST_CASE("contact sheet: pictures stand where they should, under their titles") {
  const SheetRow rows[] = {{"ab", {test::constant(2, 2, 7), test::constant(2, 2, 9)}},
                           {"c", {test::constant(3, 1, 5)}}};
  const Image sheet = contact_sheet(rows, 2);
  CHECK(sheet.channels == 1);
  CHECK(sheet.pixels.size() == std::size_t(sheet.width * sheet.height));
  CHECK(std::ranges::count(sheet.pixels, 7) == 16);
  CHECK(std::ranges::count(sheet.pixels, 9) == 16);
  CHECK(std::ranges::count(sheet.pixels, 5) == 12);
  CHECK(std::ranges::count(sheet.pixels, 30) == (14 + 16 + 9) * 4); // the dots of a, b and c
  const SheetRow colour[] = {{"x", {test::constant(2, 2, 7), test::noise(2, 2, 3)}}};
  CHECK(contact_sheet(colour).channels == 3);
  CHECK_THROWS_AS(contact_sheet(rows, 0), Error);
}

TEST_CASE("preview: a row a class, showing what training draws for those pictures") {
  Dataset data{{"happy", "sad"}, 8, 8, 1, {}, {0, 1, 1, 1}, {}};
  for (std::uint32_t i = 0; i < 4; ++i) {
    const auto pixels = test::noise(8, 8, 1, i).pixels;
    data.pixels.insert(data.pixels.end(), pixels.begin(), pixels.end());
  }
  const Preprocessing record{.height = 8, .width = 8};
  const Augmentation a{.rotation_degrees = 20, .flip = true};
  const Image sheet = preview(data, record, a, 2, 9);
  CHECK(sheet == preview(data, record, a, 2, 9));
  CHECK(sheet != preview(data, record, a, 2, 10));
  Image first{8, 8, 1, std::vector<std::uint8_t>(64)};
  resample(std::span(first.pixels), data.picture(0), record, draw_variation(a, Rng(9, Purpose::augment, 0, 0)));
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 8; ++x) { // gap 4, title 20, every pixel twice
      CHECK(sheet.pixels[std::size_t((24 + 2 * y) * sheet.width + 4 + 2 * x)] == first.pixels[std::size_t(8 * y + x)]);
    }
  }
  CHECK_THROWS_AS(preview(data, record, a, 0, 9), Error);
}
