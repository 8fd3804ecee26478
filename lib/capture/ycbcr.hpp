// SPDX-License-Identifier: Apache-2.0
// Between pictures and what cameras and videos hold: one brightness a pixel, and two colour differences for some.
#pragma once

#include "mien/io/image.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mien {

/// Which bytes stand for black and white: 16 and 235 (and 16 to 240 for the differences), or 0 and 255.
enum class Range : std::uint8_t { limited, full };

/// A frame as it lies in memory. Sample x of row y stands at `luma[y * luma_stride + x * luma_step]`; its differences
/// at row y >> shift_y and place x >> shift_x of `cb` and `cr`.
struct YcbcrView {
  int width = 0;
  int height = 0;
  const std::uint8_t* luma = nullptr;
  std::size_t luma_stride = 0;
  int luma_step = 1;
  const std::uint8_t* cb = nullptr; ///< null: a grey frame
  const std::uint8_t* cr = nullptr;
  std::size_t chroma_stride = 0;
  int chroma_step = 1;
  int shift_x = 0;
  int shift_y = 0;
  Range range = Range::limited;
};

/// Y Cb Y Cr in each four bytes; `bytes` holds the last row whole. An odd width has a pixel too many in the frame.
[[nodiscard]] YcbcrView yuyv_view(const std::uint8_t* bytes, int width, int height, std::size_t stride, Range range);
/// Rows of Y, then as many bytes a row of Cb Cr for two by two pixels.
[[nodiscard]] YcbcrView nv12_view(const std::uint8_t* bytes, int width, int height, std::size_t stride, Range range);
/// Y, Cb and Cr each for itself and without gaps; differences for 1 << shift_x by 1 << shift_y pixels.
[[nodiscard]] YcbcrView planar_view(const std::uint8_t* bytes, int width, int height, int shift_x, int shift_y,
                                    Range range);
[[nodiscard]] YcbcrView grey_view(const std::uint8_t* bytes, int width, int height, std::size_t stride, Range range);
/// How many bytes planar_view() looks at.
[[nodiscard]] std::size_t planar_bytes(int width, int height, int shift_x, int shift_y);

/// Turns a frame into a grey or an RGB picture; a grey frame becomes grey in any case. Uses the picture's memory again.
///
///   limited: y' = 255/219 (y - 16)  u = 255/224 (cb - 128)  v = 255/224 (cr - 128);   full: y, cb - 128, cr - 128
///   r = y' + 1.402 v    g = y' - 0.344136 u - 0.714136 v    b = y' + 1.772 u    grey = y'
///
/// rounded and cut to 0 ... 255; in whole numbers, so that they are the same bytes on every machine. All pixels that
/// share a difference get it as it is.   Source: ITU-R BT.601-7, 2.5.1 to 2.5.3 (and JFIF 1.02 for the full range)
void to_picture(Image& picture, const YcbcrView& view, bool grey);

/// The planes Y, Cb, Cr of an RGB picture, full resolution and two by two, in the limited range.
///
///   y = 16 + 219/255 (0.299 r + 0.587 g + 0.114 b)   cb = 128 + 224/255 (b - y') / 1.772   cr = 128 + 224/255 (r - y')
///   / 1.402
///
/// cb and cr of the mean of four pixels, or of as many as an odd edge has.   Source: as to_picture
void to_planar_420(std::vector<std::uint8_t>& bytes, const Image& picture);

} // namespace mien
