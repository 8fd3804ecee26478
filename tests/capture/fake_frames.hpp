// SPDX-License-Identifier: Apache-2.0
// What the cameras of the fake driver see: numbers that differ from pixel to pixel and from frame to frame.
#pragma once

#include "tests/support/pictures.hpp"

#include <cstdint>
#include <string>

#include <linux/videodev2.h>

namespace mien::test {

/// Brightness (0) and colour differences (1, 2) of a pixel of a frame; each two by two pixels share their differences.
constexpr std::uint8_t fake_sample(int kind, int x, int y, std::uint32_t frame) {
  if (kind == 0) return static_cast<std::uint8_t>(3 * x + 5 * y + 40 * static_cast<int>(frame % 5));
  return static_cast<std::uint8_t>(128 + (kind == 1 ? 9 : -7) * ((x / 2 + y / 2) % 9 - 4));
}

/// Rows of the fake driver end with bytes that mean nothing.
constexpr std::uint32_t fake_stride(std::uint32_t fourcc, std::uint32_t width) {
  return (fourcc == V4L2_PIX_FMT_YUYV ? 2 * width : width) + 8;
}

/// The bytes of a frame. MJPEG is always the same picture of 16x8 pixels.
inline std::string fake_frame(std::uint32_t fourcc, int width, int height, std::uint32_t frame) {
  if (fourcc == V4L2_PIX_FMT_MJPEG) return jpeg_16x8;
  const auto stride = fake_stride(fourcc, static_cast<std::uint32_t>(width));
  std::string bytes;
  const auto add = [&](int kind, int x, int y) { bytes += static_cast<char>(fake_sample(kind, x, y, frame)); };
  const auto end_row = [&] { bytes.resize((bytes.size() + stride - 1) / stride * stride, '\x55'); };
  for (int y = 0; y < height; ++y, end_row()) {
    for (int x = 0; x < width; ++x) {
      add(0, x, y);
      if (fourcc == V4L2_PIX_FMT_YUYV) add(1 + x % 2, x, y);
    }
  }
  for (int y = 0; fourcc == V4L2_PIX_FMT_NV12 && y < height; y += 2, end_row())
    for (int x = 0; x < width; x += 2) add(1, x, y), add(2, x, y);
  return bytes;
}

} // namespace mien::test
