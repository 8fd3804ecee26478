// SPDX-License-Identifier: Apache-2.0
// The few functions of stb_image that we use, under names that cannot collide with a program's own copy of stb.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace mien::stb {

struct Header {
  int width = 0, height = 0, channels = 0;
};

struct Free {
  void operator()(void* memory) const noexcept;
};
using Pixels = std::unique_ptr<std::uint8_t[], Free>;

/// Reads a picture's header alone; false if it is none of PNG, JPEG, BMP.
[[nodiscard]] bool read_header(std::span<const std::byte> bytes, Header& header) noexcept;
/// Decodes a picture whose header was read to `channels`, or where that is 0 to those that the file has: 1 or 3, and
/// one more for alpha. Null if it cannot, see failure_reason().
[[nodiscard]] Pixels decode(std::span<const std::byte> bytes, int channels, Header& header) noexcept;
/// Why the last call of this thread failed.
[[nodiscard]] const char* failure_reason() noexcept;
/// The bytes of a PNG file; empty if memory ran out.
[[nodiscard]] std::vector<std::byte> encode_png(int width, int height, int channels, const std::uint8_t* pixels);
/// The bytes of a JPEG file, quality 1 to 100; empty if a side is longer than 65535.
[[nodiscard]] std::vector<std::byte> encode_jpeg(int width, int height, int channels, const std::uint8_t* pixels,
                                                 int quality);

} // namespace mien::stb
