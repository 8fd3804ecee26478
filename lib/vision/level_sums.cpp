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

void LevelSums::add_row(int width, bool tilted) {
  std::uint32_t sum = 0, squares = 0;
  for (std::size_t x = 0; x < static_cast<std::size_t>(width); ++x) {
    const std::uint32_t v = pixels_[x];
    row_[x + 1] += sum += v;
    squares_[x + 1] += squares += v * v;
  }
  if (!tilted) return;
  // A triangle is made of the two beside its apex, without what both hold, and the two pixels at its apex. Beyond the
  // last column a triangle holds as much as the one before it a row higher, beyond the first likewise.
  auto& next = tilted_above_;
  const auto end = static_cast<std::size_t>(width);
  const auto apex = [&](std::size_t x) { return std::uint32_t{pixels_[x - 1]} + pixels_above_[x - 1]; };
  next[0] = tilted_[1];
  for (std::size_t x = 1; x < end; ++x) next[x] = tilted_[x - 1] + tilted_[x + 1] - next[x] + apex(x);
  next[end] = tilted_[end - 1] + apex(end);
  std::swap(tilted_, tilted_above_);
  std::swap(pixels_, pixels_above_);
}

void LevelSums::store_row(std::uint32_t* out, int width, const SumsLayout& layout) const {
  const auto store = [&](const std::vector<std::uint32_t>& row) {
    for (int x = 0; x <= width; ++x) out[layout.column(x)] = row[static_cast<std::size_t>(x)];
    out += layout.columns;
  };
  store(row_);
  store(squares_);
  if (layout.tilted) store(tilted_);
}

void LevelSums::compute(const Image& grey, int width, int height, int first, int rows, const SumsLayout& layout) {
  const auto columns = static_cast<std::size_t>(width) + 1;
  for (auto* row : {&row_, &squares_, &tilted_, &tilted_above_}) row->assign(columns, 0);
  for (auto* row : {&pixels_, &pixels_above_}) row->assign(columns - 1, 0);
  const auto needed = static_cast<std::size_t>((rows + 1) * layout.stride() + slack);
  if (sums_.size() < needed) sums_.resize(needed);

  ExactResize resize(grey, width, height);
  auto* out = sums_.data();
  store_row(out, width, layout);
  for (int y = first; y < first + rows; ++y) {
    resize.row(pixels_, y);
    add_row(width, layout.tilted);
    store_row(out += layout.stride(), width, layout);
  }
}

} // namespace mien
