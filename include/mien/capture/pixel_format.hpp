// SPDX-License-Identifier: Apache-2.0
// What the bytes of a camera's frame mean.
#pragma once

#include <cstdint>
#include <string_view>

namespace mien {

/// The formats that cameras are read in, by V4L2's names in capital letters.
enum class PixelFormat : std::uint8_t {
  yuyv,  ///< Y Cb Y Cr for two pixels: 16 bits a pixel
  nv12,  ///< all Y, then Cb Cr for each two by two pixels: 12 bits a pixel
  grey,  ///< a byte a pixel
  mjpeg, ///< a JPEG file a frame
};

[[nodiscard]] constexpr std::string_view name_of(PixelFormat format) noexcept {
  switch (format) {
  case PixelFormat::yuyv: return "YUYV";
  case PixelFormat::nv12: return "NV12";
  case PixelFormat::grey: return "GREY";
  case PixelFormat::mjpeg: return "MJPEG";
  }
  return "";
}

} // namespace mien
