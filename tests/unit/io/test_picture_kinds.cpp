// SPDX-License-Identifier: Apache-2.0
// What cameras, scanners and drawing programs write: kinds of JPEG, PNG and BMP, and files that claim too much.
#include "mien/core/error.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/io/image.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pictures.hpp"
#include "tests/support/temp_folder.hpp"

#include <cstdlib>

using namespace mien;
using test::bytes_of;
using test::from_hex;

namespace {

Image decoded(std::string_view hex) { return decode_image(bytes_of(from_hex(hex)), "file"); }

// Made by Pillow: a ramp, and 8 x 8 red beside 8 x 8 blue.
constexpr auto progressive_16x8 =
    "ffd8ffe000104a46494600010100000100010000ffdb004300100b0c0e0c0a100e0d0e1211101318281a181616183123251d283a333d3c39"
    "33383740485c4e404457453738506d51575f626768673e4d71797064785c656763ffc2000b080008001001011100ffc40015000101000000"
    "00000000000000000000000506ffda00080101000000013a8bffc4001510010100000000000000000000000000000003ffda000801010001"
    "0502820fffc40014100100000000000000000000000000000010ffda0008010100063f023fffc40015100101000000000000000000000000"
    "00000041ffda0008010100013f21843fffda00080101000000103fffc40014100100000000000000000000000000000010ffda0008010100"
    "013f1003ffd9";
constexpr auto cmyk_16x8 =
    "ffd8ffee000e41646f626500640000000000ffdb0043001b12141714111b1716171e1c1b2028422b28252528513a3d3042605565645f555d"
    "5b6a7899816a7190735b5d85b586909ea3abadab6780bcc9baa6c799a8aba4ffc000140800080010044311004d11005911004b1100ffc400"
    "160001010100000000000000000000000000060007ffc40014100100000000000000000000000000000000ffda000e0443004d0059004b00"
    "003f004c32324cccd34c4fffd9";
// The header of 1024 x 1024 pixels of middle grey; each block of 8 x 8 takes two bits, both 0.
constexpr auto grey_header =
    "ffd8ffe000104a46494600010100000100010000ffdb004300100b0c0e0c0a100e0d0e1211101318281a181616183123251d283a333d3c39"
    "33383740485c4e404457453738506d51575f626768673e4d71797064785c656763ffc0000b080400040001011100ffc40014000100000000"
    "000000000000000000000000ffc40014100100000000000000000000000000000000ffda0008010100003f00";

} // namespace

TEST_CASE("picture kinds: progressive and CMYK JPEG are read") {
  const Image ramp = decoded(progressive_16x8);
  REQUIRE((ramp.width == 16 && ramp.height == 8 && ramp.channels == 1));
  for (int x = 0; x < 16; ++x) CHECK(std::abs(ramp.pixels[static_cast<std::size_t>(x)] - 17 * x) < 20);

  const Image colour = decoded(cmyk_16x8);
  REQUIRE((colour.width == 16 && colour.height == 8 && colour.channels == 3));
  for (std::size_t x = 0; x < 16; ++x) {
    const auto* rgb = &colour.pixels[3 * x];
    CHECK((x < 8 ? rgb[0] : rgb[2]) > 240);
    CHECK((x < 8 ? rgb[2] : rgb[0]) < 15);
    CHECK(rgb[1] < 15);
  }
}

TEST_CASE("picture kinds: sixteen bits become eight, in grey and in colour") {
  CHECK(decoded("89504e470d0a1a0a0000000d494844520000000200000001100000000081d9fc150000000d4944415478da6310fabf9a010004"
                "a001bd8c280ed00000000049454e44ae426082") == Image{2, 1, 1, {0x12, 0xab}});
  CHECK(decoded("89504e470d0a1a0a0000000d4948445200000001000000011002000000c0e78f9d0000000f4944415478da63103209ab98b507"
                "000627026bb7a5693d0000000049454e44ae426082") == Image{1, 1, 3, {0x12, 0x56, 0x9a}});
}

TEST_CASE("picture kinds: what is transparent is laid over white, however the file says so") {
  CHECK(decode_image(bytes_of(test::png_grey_alpha_2x1), "a") == Image{2, 1, 1, {132, 254}}); // 128 and 3 of 255
  // a channel: red at 51 of 255, and an opaque colour
  CHECK(decoded("89504e470d0a1a0a0000000d4948445200000002000000010806000000f4227f8a000000114944415478da63f8cfc060cc2522"
                "f71f000a9f026ee3c74bad0000000049454e44ae426082") == Image{2, 1, 3, {255, 204, 204, 10, 20, 30}});
  // a palette of black, red, green and blue, of which blue is transparent
  CHECK(decoded("89504e470d0a1a0a0000000d49484452000000040000000102030000008452e75e0000000c504c5445000000ff000000ff0000"
                "00ff9bc013dc0000000474524e53ffffff00402aa9f40000000a4944415478da63900600001d001c237c8fac0000000049454e"
                "44ae426082") == Image{4, 1, 3, {0, 0, 0, 255, 0, 0, 0, 255, 0, 255, 255, 255}});
  // one colour, (1, 2, 3), named as transparent
  CHECK(decoded("89504e470d0a1a0a0000000d49484452000000020000000108020000007b40e8dd0000000674524e53000100020003c94babf5"
                "0000000f4944415478da636064626661650300003f001698c168130000000049454e44ae426082") ==
        Image{2, 1, 3, {255, 255, 255, 4, 5, 6}});
}

TEST_CASE("picture kinds: an empty chunk of a PNG's pixels does no harm") {
  auto file = test::png_colour_5x3;
  file.insert(33, std::string("\0\0\0\0IDAT\0\0\0\0", 12));
  CHECK(decode_image(bytes_of(file), "p") == decode_image(bytes_of(test::png_colour_5x3), "p"));
}

TEST_CASE("picture kinds: the fourth byte of a BMP pixel is no alpha") {
  auto file = test::bmp({1, 1, 3, {10, 20, 30}});
  file[28] = 32; // bits a pixel
  file[57] = 7;  // was padding
  CHECK(decode_image(bytes_of(file), "b") == Image{1, 1, 3, {10, 20, 30}});
}

TEST_CASE("picture kinds: what a phone appends to a JPEG is not looked at") {
  const auto film = std::string("\xff\xc4\x00\x15\x00", 5) + std::string(16, '\xff') + "\xff\xda\xff\xd8 and so on";
  CHECK(decode_image(bytes_of(test::jpeg_16x8 + film), "j") == decode_image(bytes_of(test::jpeg_16x8), "j"));
}

TEST_CASE("picture kinds: a JPEG that ends before its first scan is refused, whatever follows") {
  auto file = test::jpeg_16x8;
  file.insert(file.find("\xff\xda"), std::string("\xff\xd9\x00\x02", 4));
  CHECK_THROWS_WITH(decode_image(bytes_of(file), "j"), Catch::Contains("ends before its last pixel"));
}

TEST_CASE("picture kinds: a JPEG that leaves its Huffman tables out is decoded with empty ones, or refused") {
  // Found by fuzzing: a scan of details (AC), and tables for means (DC) only.
  const auto file = from_hex(
      "ffd8ffe000104a4649460001010000010001506d51575f626768673e4d71797064785d656763ffc2000b080008001001011100ffc400"
      "1500010100000000000000000000000000000506ffda0008010100013f92929292929292929292929292929292929292929292929292"
      "929292929292929292929292929292929b92929292929292929292929292929292929200013f1003ffd9");
  const auto outcome = [&]() -> std::string {
    try {
      const Image image = decode_image(bytes_of(file), "j");
      return {image.pixels.begin(), image.pixels.end()};
    } catch (const Error& error) {
      return error.what();
    }
  };
  CHECK(outcome() == outcome());
}

TEST_CASE("picture kinds: few bytes that claim many pixels are refused before memory is taken") {
  auto png = test::png_colour_5x3;
  png.replace(16, 8, std::string("\x00\x00\x20\x00\x00\x00\x20\x00", 8)); // 8192 x 8192
  CHECK_THROWS_WITH(decode_image(bytes_of(png), "f.png"), "f.png: has 111 bytes, too few for 8192x8192 pixels; it is "
                                                          "cut short or damaged");
  auto jpeg = test::jpeg_16x8;
  jpeg.replace(jpeg.find("\xff\xc0") + 5, 4, std::string("\x20\x00\x20\x00", 4));
  CHECK_THROWS_WITH(decode_image(bytes_of(jpeg), "f.jpg"), Catch::Contains("too few for 8192x8192 pixels"));

  auto chunk = test::png_colour_5x3;
  chunk[33] = 0x60; // its pixels would take 1.6 gigabytes
  CHECK_THROWS_WITH(decode_image(bytes_of(chunk), "f.png"), "f.png: ends before its last pixel; copy or download it "
                                                            "again");
  const test::TempFolder folder;
  write_png(folder / "bomb.png", test::constant(3000, 1000, 0));
  const auto bytes = read_file(folder / "bomb.png");
  std::string bomb(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  bomb.replace(16, 8, std::string("\x00\x00\x00\x01\x00\x00\x00\x01", 8)); // 3 MB for one pixel
  CHECK_THROWS_WITH(decode_image(bytes_of(bomb), "f.png"), Catch::Contains("cannot be decoded (Out of memory)"));

  // And honest ones are read, however well they can be compressed.
  const Image grey = decode_image(bytes_of(from_hex(grey_header) + std::string(4096, '\0') + "\xff\xd9"), "grey.jpg");
  CHECK(grey == test::constant(1024, 1024, 128));
  write_png(folder / "grey.png", grey);
  CHECK(read_image(folder / "grey.png") == grey);
}

TEST_CASE("picture kinds: a JPEG of endless scans is refused") {
  auto file = from_hex(progressive_16x8);
  const auto scan = file.substr(file.rfind("\xff\xda"), 11);
  const auto with_scans = [&](int more) {
    auto longer = file;
    for (int i = 0; i < more; ++i) longer.insert(longer.size() - 2, scan);
    return longer;
  };
  CHECK_NOTHROW(decode_image(bytes_of(with_scans(100)), "j"));
  CHECK_THROWS_WITH(decode_image(bytes_of(with_scans(500)), "j"), Catch::Contains("more than 500 scans"));
}

TEST_CASE("picture kinds: a picture is written as its name says") {
  const test::TempFolder folder;
  const Image picture = test::noise(40, 30, 3);
  write_picture(folder / "a.png", picture);
  CHECK(read_image(folder / "a.png") == picture);
  Image calm{16, 16, 3, {}};
  for (int i = 0; i < 256; ++i) calm.pixels.insert(calm.pixels.end(), {200, 100, static_cast<std::uint8_t>(i / 2)});
  for (const char* name : {"a.jpg", "b.JPEG"}) {
    write_picture(folder / name, calm);
    const Image read = read_image(folder / name);
    REQUIRE((read.width == 16 && read.height == 16 && read.channels == 3));
    for (std::size_t i = 0; i < read.pixels.size(); ++i) CHECK(std::abs(read.pixels[i] - calm.pixels[i]) < 20);
  }
  CHECK_THROWS_WITH(write_picture(folder / "a.gif", picture), Catch::Contains("let its name end with .png or .jpg"));
  CHECK_THROWS_WITH(write_picture(folder / "a.jpg", test::constant(65536, 1, 0)), Catch::Contains("at most 65535"));
  CHECK_THROWS_AS(write_picture(folder / "a.jpg", {4, 4, 1, {1, 2}}), Error);
}
