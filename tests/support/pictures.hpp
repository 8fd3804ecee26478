// SPDX-License-Identifier: Apache-2.0
// Small pictures and picture files for tests, made from nothing.
#pragma once

#include "mien/core/rng.hpp"
#include "mien/io/image.hpp"

#include <span>
#include <string>
#include <string_view>

namespace mien::test {

inline std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

inline Image noise(int width, int height, int channels, std::uint32_t seed = 0) {
  Image image{width, height, channels, {}};
  image.pixels.resize(static_cast<std::size_t>(width * height * channels));
  Rng rng(seed, Purpose::test);
  for (auto& byte : image.pixels) byte = static_cast<std::uint8_t>(rng.below(256));
  return image;
}

inline Image constant(int width, int height, std::uint8_t value) {
  return {width, height, 1, std::vector<std::uint8_t>(static_cast<std::size_t>(width * height), value)};
}

/// A binary PGM file of noise.
inline std::string pgm(int width, int height, std::uint32_t seed = 0) {
  const auto image = noise(width, height, 1, seed);
  return "P5\n" + std::to_string(width) + " " + std::to_string(height) + "\n255\n" +
         std::string(image.pixels.begin(), image.pixels.end());
}

/// A BMP file with 24 bits a pixel, rows from the bottom.
inline std::string bmp(const Image& image) {
  const auto little = [](std::uint32_t number, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(number >> 8 * i & 255);
    return text;
  };
  std::string rows;
  for (int y = image.height - 1; y >= 0; --y) {
    for (int x = 0; x < image.width; ++x) {
      const auto* rgb = &image.pixels[static_cast<std::size_t>((y * image.width + x) * 3)];
      for (const int channel : {2, 1, 0}) rows += static_cast<char>(rgb[channel]);
    }
    while (rows.size() % 4 != 0) rows += '\0';
  }
  const auto size = static_cast<std::uint32_t>(rows.size());
  return "BM" + little(54 + size, 4) + little(0, 4) + little(54, 4) + little(40, 4) +
         little(static_cast<std::uint32_t>(image.width), 4) + little(static_cast<std::uint32_t>(image.height), 4) +
         little(1, 2) + little(24, 2) + little(0, 4) + little(size, 4) + std::string(16, '\0') + rows;
}

inline std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

/// A grey ramp from left to right, as Pillow writes it.
inline const std::string jpeg_16x8 = from_hex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300140e0f120f0d14121012171514181e32211e1c1c1e3d2c2e243249404c"
    "4b47404645505a736250556d5645466488656d777b8182814e608d978c7d96737e817cffc0000b080008001001011100ffc400150001"
    "0100000000000000000000000000000506ffc400161000030000000000000000000000000000000542ffda0008010100003f00114c96"
    "ca64ffd9");
/// Two pixels, 10 and 200, with an alpha channel.
inline const std::string png_grey_alpha_2x1 = from_hex(
    "89504e470d0a1a0a0000000d49484452000000020000000108040000005e2bb7010000000d49444154789c63e06a38c10c0003400156"
    "4ef023de0000000049454e44ae426082");
/// Five by three different colours.
inline const std::string png_colour_5x3 =
    from_hex("89504e470d0a1a0a0000000d4948445200000005000000030802000000d45452af000000364944415478da05c1310a803010"
             "00c1042f5888842d82049f649d97df63b63433b5fc052b1ed8f08c95132fbcb123b1f2c3810f4e7c37892d10c5633b316500"
             "00000049454e44ae426082");

} // namespace mien::test
