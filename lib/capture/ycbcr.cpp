// SPDX-License-Identifier: Apache-2.0
#include "lib/capture/ycbcr.hpp"

#include <algorithm>
#include <array>

namespace mien {
namespace {

/// Numbers times 65536. The largest sum, some 255 * (1.164 + 2.017) of them, fits into 32 bits.
constexpr int fixed(double number) noexcept { return static_cast<int>(number * 65536 + (number < 0 ? -0.5 : 0.5)); }
constexpr int half = 1 << 15;

constexpr std::uint8_t cut(int sum) noexcept { return static_cast<std::uint8_t>(std::clamp(sum >> 16, 0, 255)); }

constexpr double kr = 0.299, kg = 0.587, kb = 0.114;

struct Factors {
  int luma, black, red_cr, green_cb, green_cr, blue_cb;
};

constexpr Factors factors(Range range) noexcept {
  const double y = range == Range::limited ? 255.0 / 219 : 1, c = range == Range::limited ? 255.0 / 224 : 1;
  return {.luma = fixed(y),
          .black = range == Range::limited ? 16 : 0,
          .red_cr = fixed(c * 2 * (1 - kr)),
          .green_cb = fixed(-c * 2 * (1 - kb) * kb / kg),
          .green_cr = fixed(-c * 2 * (1 - kr) * kr / kg),
          .blue_cb = fixed(c * 2 * (1 - kb))};
}

constexpr std::array<std::uint8_t, 256> grey_table(Range range) noexcept {
  const auto f = factors(range);
  std::array<std::uint8_t, 256> table{};
  for (int y = 0; y < 256; ++y) table[static_cast<std::size_t>(y)] = cut(f.luma * (y - f.black) + half);
  return table;
}
constexpr auto limited_grey = grey_table(Range::limited);

void grey_row(std::uint8_t* out, const std::uint8_t* luma, int width, int step, Range range) noexcept {
  if (range == Range::full && step == 1) {
    std::copy_n(luma, width, out);
  } else if (range == Range::full) {
    for (int x = 0; x < width; ++x) out[x] = luma[x * step];
  } else {
    for (int x = 0; x < width; ++x) out[x] = limited_grey[luma[x * step]];
  }
}

struct Row {
  const std::uint8_t *luma, *cb, *cr;
};

/// Steps are constants here, so that the compiler knows them: a pixel takes a nanosecond or two.
template <int LumaStep, int ChromaStep, int Shift>
void rgb_row(std::uint8_t* out, Row row, int width, const Factors& f) noexcept {
  constexpr int shared = 1 << Shift; // pixels with the same differences
  for (int x = 0; x < width; x += shared) {
    const int u = row.cb[(x >> Shift) * ChromaStep] - 128, v = row.cr[(x >> Shift) * ChromaStep] - 128;
    const int red = f.red_cr * v + half, green = f.green_cb * u + f.green_cr * v + half, blue = f.blue_cb * u + half;
    for (int i = x; i < std::min(x + shared, width); ++i) {
      const int y = f.luma * (row.luma[i * LumaStep] - f.black);
      out[0] = cut(y + red);
      out[1] = cut(y + green);
      out[2] = cut(y + blue);
      out += 3;
    }
  }
}

using RgbRow = void (*)(std::uint8_t*, Row, int, const Factors&) noexcept;

RgbRow rgb_row_of(const YcbcrView& view) noexcept {
  if (view.luma_step == 2) return rgb_row<2, 4, 1>;
  if (view.chroma_step == 2) return rgb_row<1, 2, 1>;
  return view.shift_x == 1 ? rgb_row<1, 1, 1> : rgb_row<1, 1, 0>;
}

std::size_t size(int count) noexcept { return static_cast<std::size_t>(count); }

/// A length that is shared by 1 << shift pixels each, the last one by those that are left.
int shared_by(int length, int shift) noexcept { return (length + (1 << shift) - 1) >> shift; }

} // namespace

YcbcrView yuyv_view(const std::uint8_t* bytes, int width, int height, std::size_t stride, Range range) {
  return {width, height, bytes, stride, 2, bytes + 1, bytes + 3, stride, 4, 1, 0, range};
}

YcbcrView nv12_view(const std::uint8_t* bytes, int width, int height, std::size_t stride, Range range) {
  const auto* pairs = bytes + stride * size(height);
  return {width, height, bytes, stride, 1, pairs, pairs + 1, stride, 2, 1, 1, range};
}

YcbcrView planar_view(const std::uint8_t* bytes, int width, int height, int shift_x, int shift_y, Range range) {
  const auto chroma_width = size(shared_by(width, shift_x)), chroma_height = size(shared_by(height, shift_y));
  const auto* cb = bytes + size(width) * size(height);
  const auto* cr = cb + chroma_width * chroma_height;
  return {width, height, bytes, size(width), 1, cb, cr, chroma_width, 1, shift_x, shift_y, range};
}

YcbcrView grey_view(const std::uint8_t* bytes, int width, int height, std::size_t stride, Range range) {
  return {.width = width, .height = height, .luma = bytes, .luma_stride = stride, .range = range};
}

std::size_t planar_bytes(int width, int height, int shift_x, int shift_y) {
  return size(width) * size(height) + 2 * size(shared_by(width, shift_x)) * size(shared_by(height, shift_y));
}

void to_picture(Image& picture, const YcbcrView& view, bool grey) {
  grey = grey || view.cb == nullptr;
  picture.width = view.width, picture.height = view.height, picture.channels = grey ? 1 : 3;
  const auto row_bytes = size(view.width) * size(picture.channels);
  picture.pixels.resize(row_bytes * size(view.height));
  const auto f = factors(view.range);
  const auto rgb = rgb_row_of(view);
  for (std::size_t y = 0; y < size(view.height); ++y) {
    auto* out = picture.pixels.data() + y * row_bytes;
    const auto* luma = view.luma + y * view.luma_stride;
    if (grey) {
      grey_row(out, luma, view.width, view.luma_step, view.range);
    } else {
      const auto place = (y >> view.shift_y) * view.chroma_stride;
      rgb(out, {luma, view.cb + place, view.cr + place}, view.width, f);
    }
  }
}

void to_planar_420(std::vector<std::uint8_t>& bytes, const Image& picture) {
  constexpr double y = 219.0 / 255, c = 224.0 / 255;
  constexpr int yr = fixed(y * kr), yg = fixed(y * kg), yb = fixed(y * kb);
  constexpr int br = fixed(-c * kr / (2 * (1 - kb))), bg = fixed(-c * kg / (2 * (1 - kb))), bb = fixed(c / 2);
  constexpr int rr = fixed(c / 2), rg = fixed(-c * kg / (2 * (1 - kr))), rb = fixed(-c * kb / (2 * (1 - kr)));
  const auto width = size(picture.width), height = size(picture.height);
  bytes.resize(planar_bytes(picture.width, picture.height, 1, 1));
  auto* out = bytes.data();
  const auto* rgb = picture.pixels.data();
  for (std::size_t i = 0; i < width * height; ++i, rgb += 3)
    *out++ = cut(yr * rgb[0] + yg * rgb[1] + yb * rgb[2] + half + (16 << 16));

  auto* cr = out + ((width + 1) / 2) * ((height + 1) / 2);
  for (std::size_t top = 0; top < height; top += 2) {
    const auto bottom = std::min(top + 1, height - 1); // an odd edge counts twice, which leaves the mean as it is
    for (std::size_t left = 0; left < width; left += 2) {
      const auto right = std::min(left + 1, width - 1);
      std::array<int, 3> sum{};
      for (const auto at : {top * width + left, top * width + right, bottom * width + left, bottom * width + right})
        for (std::size_t channel = 0; channel < 3; ++channel) sum[channel] += picture.pixels[3 * at + channel];
      const auto mean = [&](int r, int g, int b) { // of four, so the sum is shifted by two more
        return cut((r * sum[0] + g * sum[1] + b * sum[2] + 4 * (half + (128 << 16))) >> 2);
      };
      *out++ = mean(br, bg, bb);
      *cr++ = mean(rr, rg, rb);
    }
  }
}

} // namespace mien
