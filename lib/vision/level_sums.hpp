// SPDX-License-Identifier: Apache-2.0
// The integral images of some rows of a picture at one size, as cascades read them.
#pragma once

#include "mien/io/image.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mien {

/// How integral images lie in memory: each row holds the sums, then the squares, then the tilted sums. The sums modulo
/// 2^16 have rows of their own, of `columns` numbers.
struct SumsLayout {
  bool tilted = false;        ///< whether there are tilted sums
  bool split = false;         ///< even columns first, odd ones behind: windows two pixels apart read contiguous sums
  std::ptrdiff_t columns = 0; ///< of one kind of sums, padding included

  /// For levels up to this width.
  [[nodiscard]] static SumsLayout of(int width, bool tilted, bool split) noexcept;

  [[nodiscard]] std::ptrdiff_t stride() const noexcept;                     ///< from one row to the next
  [[nodiscard]] std::ptrdiff_t squares() const noexcept { return columns; } ///< from a sum to the sum of squares
  [[nodiscard]] std::ptrdiff_t tilted_sums() const noexcept { return 2 * columns; }
  /// From the first sum of a row to that of column x; also the way from a window to a corner x columns to its right, if
  /// the window's column is even wherever columns are split.
  [[nodiscard]] std::ptrdiff_t column(int x) const noexcept { return split ? x % 2 * (columns / 2) + x / 2 : x; }

  friend bool operator==(const SumsLayout&, const SumsLayout&) = default;
};

/// The integral images, modulo 2^32, of rows of a picture made smaller; memory is kept for the next ones.
///
/// Sums begin at the first of the rows: what a rectangle sums up to is the same. Beyond the end of a row, `slack` more
/// numbers may be read.
class LevelSums {
public:
  static constexpr std::ptrdiff_t slack = 16;

  /// Rows [first, first + rows) of `grey` made width x height.
  void compute(const Image& grey, int width, int height, int first, int rows, const SumsLayout& layout);

  /// The sums at the top left corner of the first row.
  [[nodiscard]] const std::uint32_t* data() const noexcept { return sums_.data(); }
  [[nodiscard]] const std::uint16_t* narrow() const noexcept { return narrow_.data(); }

private:
  void add_row(std::uint32_t* out, std::uint16_t* narrow, int width, const SumsLayout& layout) const;
  void add_tilted_row(std::uint32_t* out, int width, const SumsLayout& layout);

  std::vector<std::uint32_t> sums_;
  std::vector<std::uint16_t> narrow_;
  std::vector<std::uint8_t> pixels_, pixels_above_;
  std::vector<std::uint32_t> tilted_, tilted_above_; // the last rows, columns in order
};

} // namespace mien
