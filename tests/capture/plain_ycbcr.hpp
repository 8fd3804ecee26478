// SPDX-License-Identifier: Apache-2.0
// BT.601 as the standard writes it, in double: what the conversions are held against.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace mien::test {

inline std::uint8_t to_byte(double value) {
  return static_cast<std::uint8_t>(std::clamp(std::floor(value + 0.5), 0.0, 255.0));
}

/// E'Y, E'CR and E'CB of 2.5.1 back to E'R, E'G and E'B, before rounding.
inline std::array<double, 3> exact_rgb(int y, int cb, int cr, bool limited) {
  const double luma = limited ? (y - 16) / 219.0 : y / 255.0;
  const double blue_less_luma = (limited ? (cb - 128) / 224.0 : (cb - 128) / 255.0) * 1.772;
  const double red_less_luma = (limited ? (cr - 128) / 224.0 : (cr - 128) / 255.0) * 1.402;
  const double r = red_less_luma + luma, b = blue_less_luma + luma;
  return {255 * r, 255 * (luma - 0.299 * r - 0.114 * b) / 0.587, 255 * b};
}

inline std::array<std::uint8_t, 3> plain_rgb(int y, int cb, int cr, bool limited) {
  const auto rgb = exact_rgb(y, cb, cr, limited);
  return {to_byte(rgb[0]), to_byte(rgb[1]), to_byte(rgb[2])};
}

inline std::uint8_t plain_grey(int y, bool limited) { return to_byte(limited ? (y - 16) * 255 / 219.0 : y); }

/// Y, Cb, Cr of a colour in the limited range, before rounding.
inline std::array<double, 3> exact_ycbcr(double r, double g, double b) {
  const double luma = 0.299 * r + 0.587 * g + 0.114 * b;
  return {16 + 219 * luma / 255, 128 + 224 * (b - luma) / 1.772 / 255, 128 + 224 * (r - luma) / 1.402 / 255};
}

} // namespace mien::test
