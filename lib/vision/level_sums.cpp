// SPDX-License-Identifier: Apache-2.0
#include "lib/vision/level_sums.hpp"

#include "lib/vision/exact_resize.hpp"

#include <algorithm>

namespace mien {

SumsLayout SumsLayout::of(int width, bool tilted, bool split) noexcept {
  constexpr std::ptrdiff_t line = 16; // numbers a cache line
  const auto lines = (width + 1 + 2 * line) / (2 * line) * 2;
  SumsLayout layout{tilted, split, lines * line};
  // Rows an odd number of cache lines apart spread over the whole cache; powers of two would meet in a few places.
  if (!tilted) layout.columns += line / 2;
  return layout;
}

std::ptrdiff_t SumsLayout::stride() const noexcept { return columns * (tilted ? 3 : 2); }

/// A row of sums below another: two columns at a time, as even and odd ones may lie apart.
void LevelSums::add_row(std::uint32_t* out, std::uint16_t* narrow, int width, const SumsLayout& layout) const {
  const auto* above = out - layout.stride();
  const std::ptrdiff_t next = layout.split ? 1 : 2, odd = layout.column(1), even = layout.column(2);
  const auto* pixels = pixels_.data();
  std::uint32_t sum = 0, squares = 0;
  const auto put = [&](std::ptrdiff_t at, std::uint32_t v) {
    out[at] = above[at] + (sum += v);
    narrow[at] = static_cast<std::uint16_t>(out[at]);
    out[at + layout.squares()] = above[at + layout.squares()] + (squares += v * v);
  };
  out[0] = out[layout.squares()] = narrow[0] = 0;
  for (std::ptrdiff_t i = 0; i < width / 2; ++i) {
    put(odd + i * next, pixels[2 * i]);
    put(even + i * next, pixels[2 * i + 1]);
  }
  if (width % 2 == 1) put(layout.column(width), pixels[width - 1]);
}

/// A triangle is made of the two beside its apex, without what both hold, and the two pixels at its apex. Beyond the
/// last column a triangle holds as much as the one before it a row higher, beyond the first likewise.
void LevelSums::add_tilted_row(std::uint32_t* out, int width, const SumsLayout& layout) {
  auto& next = tilted_above_;
  const auto end = static_cast<std::size_t>(width);
  const auto apex = [&](std::size_t x) { return std::uint32_t{pixels_[x - 1]} + pixels_above_[x - 1]; };
  next[0] = tilted_[1];
  for (std::size_t x = 1; x < end; ++x) next[x] = tilted_[x - 1] + tilted_[x + 1] - next[x] + apex(x);
  next[end] = tilted_[end - 1] + apex(end);
  std::swap(tilted_, tilted_above_);
  for (int x = 0; x <= width; ++x) out[layout.tilted_sums() + layout.column(x)] = tilted_[static_cast<std::size_t>(x)];
  pixels_above_ = pixels_;
}

void LevelSums::compute(const Image& grey, int width, int height, int first, int rows, const SumsLayout& layout) {
  const auto columns = static_cast<std::size_t>(width) + 1;
  for (auto* row : {&tilted_, &tilted_above_}) row->assign(columns, 0);
  for (auto* row : {&pixels_, &pixels_above_}) row->assign(columns - 1, 0);
  const auto needed = static_cast<std::size_t>((rows + 1) * layout.stride() + slack);
  if (sums_.size() < needed) sums_.resize(needed);
  const auto narrow_needed = static_cast<std::size_t>((rows + 1) * layout.columns + slack);
  if (narrow_.size() < narrow_needed) narrow_.resize(narrow_needed);

  ExactResize resize(grey, width, height);
  auto* out = sums_.data();
  auto* narrow = narrow_.data();
  std::fill(out, out + layout.stride(), std::uint32_t{0});
  std::fill(narrow, narrow + layout.columns, std::uint16_t{0});
  for (int y = first; y < first + rows; ++y) {
    resize.row(pixels_, y);
    add_row(out += layout.stride(), narrow += layout.columns, width, layout);
    if (layout.tilted) add_tilted_row(out, width, layout);
  }
}

} // namespace mien
