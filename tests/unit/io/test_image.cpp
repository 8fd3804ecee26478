// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/io/image.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pictures.hpp"
#include "tests/support/temp_folder.hpp"

using namespace mien;
using test::bytes_of;

TEST_CASE("image: PNG keeps every pixel, grey and colour, at odd sizes") {
  const test::TempFolder folder;
  for (const int channels : {1, 3}) {
    for (const auto& [width, height] : {std::pair{48, 48}, {1, 1}, {37, 5}, {3, 101}}) {
      const Image image = test::noise(width, height, channels);
      write_png(folder / "a.png", image);
      CHECK(read_image(folder / "a.png") == image);
    }
  }
}

TEST_CASE("image: JPEG, BMP and PNM are read") {
  const Image grey = decode_image(bytes_of(test::jpeg_16x8), "j");
  CHECK((grey.width == 16 && grey.height == 8 && grey.channels == 1));
  CHECK((grey.pixels[0] < 60 && grey.pixels[15] > 190)); // dark on the left, bright on the right

  CHECK(decode_image(bytes_of(std::string("P5\n# a comment\n3 1\n255\n") + "abc"), "p") ==
        Image{3, 1, 1, {'a', 'b', 'c'}});
  CHECK(decode_image(bytes_of(std::string("P6 1 2 255\n") + "abcdef"), "p") ==
        Image{1, 2, 3, {'a', 'b', 'c', 'd', 'e', 'f'}});
  const Image colour = test::noise(5, 3, 3);
  CHECK(decode_image(bytes_of(test::bmp(colour)), "b") == colour);
}

TEST_CASE("image: sixteen bits become eight, and any greatest value 255") {
  const Image image = decode_image(bytes_of(std::string("P5 2 1 65535\n") + '\x12' + '\x34' + '\xab' + '\xcd'), "p");
  CHECK(image == Image{2, 1, 1, {0x12, 0xab}});
  CHECK(decode_image(bytes_of(std::string("P5 3 1 100\n") + '\0' + '\x32' + '\x64'), "p") ==
        Image{3, 1, 1, {0, 128, 255}});
}

TEST_CASE("image: a file cut short anywhere is refused, whatever its format") {
  const test::TempFolder folder;
  write_png(folder / "a.png", test::noise(9, 7, 1));
  const auto png = read_file(folder / "a.png");
  const std::string files[] = {
      test::bmp(test::noise(5, 3, 3)),
      test::jpeg_16x8,
      "P5 3 2 255\nabcdef",
      test::pgm(9, 4),
      {reinterpret_cast<const char*>(png.data()), png.size() - 4}}; // its last four bytes are a checksum
  for (const auto& file : files) {
    REQUIRE_NOTHROW(decode_image(bytes_of(file), "whole"));
    for (std::size_t size = 0; size < file.size(); ++size) {
      CHECK_THROWS_AS(decode_image(bytes_of(file).first(size), "cut"), Error);
    }
  }
}

TEST_CASE("image: what is no picture gets a sentence that begins with its name") {
  CHECK_THROWS_WITH(decode_image({}, "f.png"), Catch::StartsWith("f.png: is empty"));
  CHECK_THROWS_WITH(decode_image(bytes_of("hello"), "f.png"), Catch::StartsWith("f.png: is not a picture"));
  CHECK_THROWS_WITH(decode_image(bytes_of("P5 20000 20000 255\nabc"), "f.pgm"),
                    Catch::Contains("has 20000x20000 pixels, at most 100000000"));
  auto empty = test::bmp(test::noise(5, 3, 3));
  empty[18] = 0; // its width
  CHECK_THROWS_WITH(decode_image(bytes_of(empty), "f.bmp"), Catch::Contains("has 0x3 pixels"));
  CHECK_THROWS_AS(read_image("/no/such/picture.png"), Error);
  const test::TempFolder folder;
  CHECK_THROWS_WITH(write_png(folder / "x.png", Image{2, 2, 1, {1, 2, 3}}),
                    Catch::Contains("x.png: no whole picture: 2x2 with 1 channels and 3 bytes"));
}

TEST_CASE("image: a JPEG whose Huffman table is too long is refused, before the scan or after it") {
  const auto table = std::string("\xff\xc4\x00\x15\x00\xff\x02", 7) + std::string(14, '\0') + "xy";
  for (const auto* marker : {"\xff\xda", "\xff\xd9"}) {
    auto file = test::jpeg_16x8;
    file.insert(file.rfind(marker), table);
    CHECK_THROWS_WITH(decode_image(bytes_of(file), "j"), Catch::EndsWith("more than 256 codes; it is damaged"));
    CHECK_THROWS_WITH(decode_image(bytes_of("\xff\xff" + file), "j"),
                      Catch::EndsWith("more than 256 codes; it is damaged"));
  }
  auto thumbnail = test::jpeg_16x8; // an application's segment may hold anything
  thumbnail.insert(2, std::string("\xff\xe1\x00\x19", 4) + table);
  CHECK(decode_image(bytes_of(thumbnail), "j") == decode_image(bytes_of(test::jpeg_16x8), "j"));
}
