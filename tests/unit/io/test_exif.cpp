// SPDX-License-Identifier: Apache-2.0
#include "lib/io/exif.hpp"
#include "lib/io/upright.hpp"
#include "mien/io/image.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/exif.hpp"

#include <array>

using namespace mien;
using test::bytes_of;

TEST_CASE("exif: the orientation is read from JPEG and PNG, in both byte orders") {
  for (const bool big : {false, true}) {
    for (std::uint32_t orientation = 1; orientation <= 8; ++orientation) {
      const auto tiff = test::exif_data(orientation, big);
      CHECK(exif_orientation(bytes_of(test::jpeg_with_exif(test::jpeg_16x8, tiff))) == static_cast<int>(orientation));
      CHECK(exif_orientation(bytes_of(test::png_with_exif(test::png_colour_5x3, tiff))) ==
            static_cast<int>(orientation));
    }
  }
}

TEST_CASE("exif: data behind other segments and chunks are found, in a scan they are not looked for") {
  const auto tiff = test::exif_data(6, true);
  const auto first = test::jpeg_with_exif(test::jpeg_16x8, tiff);
  auto second = first; // Adobe's segment of the same number, and one with a comment, stand before it
  second.insert(2, test::from_hex("ffe1000761646f6265"
                                  "fffe00046869"));
  CHECK(exif_orientation(bytes_of(second)) == 6);
  auto end = test::png_colour_5x3;
  end.insert(end.size() - 12, test::png_with_exif(std::string(33, ' '), tiff).substr(33));
  CHECK(exif_orientation(bytes_of(end)) == 6);
  auto late = test::jpeg_16x8;
  late.insert(late.size() - 2, first.substr(2, first.find("\xff\xe0") - 2));
  CHECK(exif_orientation(bytes_of(late)) == 1);
}

TEST_CASE("exif: what makes no sense is ignored") {
  const auto jpeg = [](const std::string& tiff) { return test::jpeg_with_exif(test::jpeg_16x8, tiff); };
  const auto good = test::exif_data(6, false);
  REQUIRE(exif_orientation(bytes_of(jpeg(good))) == 6);
  CHECK(exif_orientation(bytes_of(jpeg(test::exif_data(0, false)))) == 1);
  CHECK(exif_orientation(bytes_of(jpeg(test::exif_data(9, true)))) == 1);
  CHECK(exif_orientation(bytes_of(jpeg(test::exif_data(0x600, false)))) == 1);
  for (std::size_t size = 0; size < good.size() - 7; ++size) { // cut short; past the end there are zeros
    CHECK(exif_orientation(bytes_of(jpeg(good.substr(0, size)))) == 1);
  }
  for (const std::size_t i : {0u, 2u, 24u}) { // the byte order, the 42, the entry's type
    auto bad = good;
    bad[i] = '\x05';
    CHECK(exif_orientation(bytes_of(jpeg(bad))) == 1);
  }
  auto far = good; // the directory stands outside
  far.replace(4, 4, "\xff\xff\xff\xff");
  CHECK(exif_orientation(bytes_of(jpeg(far))) == 1);
  CHECK(exif_orientation({}) == 1);
  CHECK(exif_orientation(bytes_of(good)) == 1);
  CHECK(decode_image(bytes_of(jpeg(far)), "far") == decode_image(bytes_of(test::jpeg_16x8), "plain"));
}

TEST_CASE("exif: each orientation brings the picture upright") {
  // 1 2 3   Exif says where row 0 and column 0 of what is stored belong: 6, "right, top", is row 0 on the right.
  // 4 5 6
  const std::array<std::uint8_t, 6> stored = {1, 2, 3, 4, 5, 6};
  const Image expected[] = {{3, 2, 1, {1, 2, 3, 4, 5, 6}}, {3, 2, 1, {3, 2, 1, 6, 5, 4}}, {3, 2, 1, {6, 5, 4, 3, 2, 1}},
                            {3, 2, 1, {4, 5, 6, 1, 2, 3}}, {2, 3, 1, {1, 4, 2, 5, 3, 6}}, {2, 3, 1, {4, 1, 5, 2, 6, 3}},
                            {2, 3, 1, {6, 3, 5, 2, 4, 1}}, {2, 3, 1, {3, 6, 2, 5, 1, 4}}};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    CHECK(upright({stored.data(), 3, 2, 1}, orientation) == expected[orientation - 1]);
  }
}

TEST_CASE("exif: a decoded picture is upright, in grey and in colour") {
  const Image grey = decode_image(bytes_of(test::jpeg_16x8), "j"); // dark on the left
  const Image turned = decode_image(bytes_of(test::jpeg_with_exif(test::jpeg_16x8, test::exif_data(6, true))), "j");
  REQUIRE((turned.width == 8 && turned.height == 16)); // a quarter turn clockwise: dark at the top
  for (std::size_t i = 0; i < 16; ++i) CHECK(turned.pixels[8 * i] == grey.pixels[16 * 7 + i]);

  const Image colour = decode_image(bytes_of(test::png_colour_5x3), "p");
  const Image mirrored =
      decode_image(bytes_of(test::png_with_exif(test::png_colour_5x3, test::exif_data(2, false))), "p");
  REQUIRE((mirrored.width == 5 && mirrored.height == 3 && mirrored.channels == 3));
  for (std::size_t c = 0; c < 3; ++c) CHECK(mirrored.pixels[c] == colour.pixels[12 + c]);
}
