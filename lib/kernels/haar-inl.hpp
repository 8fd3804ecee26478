// SPDX-License-Identifier: Apache-2.0
// A tile of windows through a Haar cascade: all windows through the first stage, then stage by stage those that are
// left and that OpenCV looks at.
#if defined(MIEN_LIB_KERNELS_HAAR_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_HAAR_INL_HPP
#undef MIEN_LIB_KERNELS_HAAR_INL_HPP
#else
#define MIEN_LIB_KERNELS_HAAR_INL_HPP
#endif

#include "lib/kernels/haar_judge-inl.hpp"
#include "lib/kernels/haar_stage-inl.hpp"

#include <bit>

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

constexpr std::int64_t word = HaarTile::most_columns; // a row's yes and no fit into one number
static_assert(units_together * unit <= word);
constexpr auto unit_bits = ~std::uint64_t{0} >> (word - unit);
using UnitFactors = hn::Rebind<float, UnitValues>;
constexpr UnitFactors unit_tag{};

/// A unit of windows of which some are left.
struct Left {
  std::int16_t column, row;
  std::uint8_t windows, failed; ///< a bit each: those that are left, and those that the last stage failed
};

/// What does not change while a tile goes through the stages.
struct Fixed {
  Fixed(const HaarTable& a_table, const HaarTile& a_tile) : table(a_table), tile(a_tile) {} // factors come later

  const HaarTable& table;
  const HaarTile& tile;
  HWY_ALIGN float factors[HaarTile::most_rows][word];

  HWY_INLINE Corner corner(std::int64_t column, std::int64_t row) const {
    return {tile.sums + row * tile.stride + column, tile.narrow_sums + row * tile.narrow_stride + column};
  }
};

/// Puts the units of a row with windows that are not flat behind `end`. Returns the new end.
HWY_INLINE Left* add_row(Left* end, Fixed& fixed, std::int64_t y) {
  auto* const factors = fixed.factors[y];
  const auto columns = fixed.tile.columns;
  for (std::int64_t x = 0; x < columns; x += lanes) contrast_factors(factors + x, fixed.table, fixed.corner(x, y).wide);
  for (std::int64_t x = 0; x < columns; x += unit) {
    const auto there = x + unit <= columns ? unit_bits : unit_bits >> (x + unit - columns);
    const auto varied = bits_of(unit_tag, hn::Gt(hn::Load(unit_tag, factors + x), hn::Zero(unit_tag)));
    *end = {static_cast<std::int16_t>(x), static_cast<std::int16_t>(y), static_cast<std::uint8_t>(there & varied), 0};
    end += end->windows != 0;
  }
  return end;
}

/// Takes all windows that are left through one stage.
HWY_INLINE void judge_units(Left* left, const Left* end, const Fixed& fixed, const HaarStage& stage) {
  for (; left < end; left += units_together) {
    const auto count = smaller(units_together, end - left);
    Corner corners[units_together];
    HWY_ALIGN float factors[units_together * unit + lanes] = {}, sums[units_together * unit + lanes];
    std::uint64_t asked = 0;
    for (std::int64_t u = 0; u < count; ++u) {
      corners[u] = fixed.corner(left[u].column, left[u].row);
      hn::Store(hn::Load(unit_tag, fixed.factors[left[u].row] + left[u].column), unit_tag, factors + u * unit);
      asked |= std::uint64_t{left[u].windows} << u * unit;
    }
    stage_sums(sums, fixed.table, stage, {corners, count}, factors);
    const auto exactly = [&](int i) { return exact_sum(fixed.table, stage, corners[i / unit] + i % unit, factors[i]); };
    const auto [pass, fail] = judge(sums, count * unit, stage, asked, exactly);
    for (std::int64_t u = 0; u < count; ++u) {
      left[u].windows = static_cast<std::uint8_t>(pass >> u * unit & unit_bits);
      left[u].failed = static_cast<std::uint8_t>(fail >> u * unit & unit_bits);
    }
  }
}

/// After the first stage: takes out the windows that OpenCV does not look at.
HWY_INLINE void take_out_skipped(Left* left, const Left* end, std::uint64_t* skip, std::int64_t rows) {
  std::uint64_t failed[HaarTile::most_rows] = {}, skipped[HaarTile::most_rows];
  for (const auto* l = left; l < end; ++l) failed[l->row] |= std::uint64_t{l->failed} << l->column;
  for (std::int64_t y = 0; y < rows; ++y) skipped[y] = skipped_windows(failed[y], skip[y]);
  for (; left < end; ++left) left->windows &= static_cast<std::uint8_t>(~(skipped[left->row] >> left->column));
}

/// Moves the units that have windows left to the front. Returns their end.
HWY_INLINE Left* without_empty(Left* left, const Left* end) {
  auto* kept = left;
  for (; left < end; ++left) {
    *kept = *left;
    kept += left->windows != 0;
  }
  return kept;
}

std::int64_t haar_tile(HaarFound* found, std::uint64_t* skip, const HaarTable& table, const HaarTile& tile) noexcept {
  Fixed fixed(table, tile);
  Left left[HaarTile::most_rows * word / unit];
  auto* end = left;
  for (std::int64_t y = 0; y < tile.rows; ++y) end = add_row(end, fixed, y);
  judge_units(left, end, fixed, table.stages[0]);
  take_out_skipped(left, end, skip, tile.rows);
  end = without_empty(left, end);
  for (const auto& stage : table.stages.subspan(1)) {
    judge_units(left, end, fixed, stage);
    end = without_empty(left, end);
  }

  const auto* const begin = found;
  for (const auto* l = left; l < end; ++l) {
    for (std::uint64_t windows = l->windows; windows != 0; windows &= windows - 1) {
      const int x = l->column + std::countr_zero(windows);
      *found++ = {x, l->row, exact_sum(table, table.stages.back(), fixed.corner(x, l->row), fixed.factors[l->row][x])};
    }
  }
  return found - begin;
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
