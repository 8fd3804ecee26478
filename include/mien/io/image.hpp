// SPDX-License-Identifier: Apache-2.0
// Pictures in memory, and their way from and to files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace mien {

/// A picture: rows from the top, pixels from the left, `channels` bytes a pixel (1 grey, 3 RGB).
struct Image {
  int width = 0;
  int height = 0;
  int channels = 1;
  std::vector<std::uint8_t> pixels; // height * width * channels

  friend bool operator==(const Image&, const Image&) = default;
};

/// Throws Error, beginning with `name`, unless a picture has 1 or 3 channels, at least one pixel and a byte for each.
void expect_whole(const Image& image, std::string_view name);

/// Pictures with more pixels than this are refused before memory is taken for them.
inline constexpr std::int64_t most_pixels = 100'000'000;

/// Decodes PNG, JPEG, BMP or PNM, and turns the picture upright as its Exif orientation asks for.
///
/// Grey stays grey, everything else becomes RGB; 16 bits become 8; what is transparent is laid over white. Exif data
/// that make no sense are ignored. Takes the memory of about two pictures for a moment. Throws Error, beginning with
/// `name`, if the bytes are no such picture, are cut short, or hold more than `most_pixels`.
[[nodiscard]] Image decode_image(std::span<const std::byte> bytes, std::string_view name);

/// Reads a file and decodes it. Throws Error if the file cannot be read, and as decode_image does.
[[nodiscard]] Image read_image(const std::filesystem::path& path);

/// The bytes of a PNG file that shows the picture. Throws Error, beginning with `name`, as expect_whole does, or if
/// memory runs out.
[[nodiscard]] std::vector<std::byte> encode_png(const Image& image, std::string_view name);

/// Writes a picture as PNG, whole or not at all, without waiting for the disk. Throws Error if it cannot.
void write_png(const std::filesystem::path& path, const Image& image);

/// Writes a picture, in the same way, as what its name ends with: .png, .jpg or .jpeg, in small or capital letters.
/// Throws Error for any other name, and as write_png does.
void write_picture(const std::filesystem::path& path, const Image& image);

} // namespace mien
