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

constexpr std::int64_t word = HaarTile::most_columns; // their yes and no fit into one number
constexpr auto block_bits = ~std::uint64_t{0} >> (word - lanes), unit_bits = ~std::uint64_t{0} >> (word - unit);

using UnitFactors = hn::Rebind<float, UnitValues>;

/// A unit of windows of which some are left.
struct Left {
  Corner corner;
  const float* factors;
  std::uint64_t windows; ///< a bit each
  std::int32_t column, row;
};

/// Takes units through one stage. Returns how many still have windows left: those are first.
HWY_INLINE std::int64_t next_stage(Left* left, std::int64_t count, const HaarTable& table, const HaarStage& stage) {
  std::int64_t still = 0;
  for (std::int64_t first = 0; first < count; first += units_together) {
    const auto here = smaller(units_together, count - first);
    const auto* const group = left + first;
    Corner corners[units_together];
    HWY_ALIGN float factors[units_together * unit + lanes] = {}, sums[units_together * unit + lanes];
    for (std::int64_t u = 0; u < here; ++u) {
      corners[u] = group[u].corner;
      hn::Store(hn::Load(UnitFactors(), group[u].factors), UnitFactors(), factors + u * unit);
    }
    stage_sums(sums, table, stage, {corners, here}, factors);
    for (std::int64_t u = 0; u < here; ++u) {
      const auto exactly = [&](int i) { return exact_sum(table, stage, corners[u] + i, factors[u * unit + i]); };
      const auto windows =
          judge(UnitFactors(), hn::Load(UnitFactors(), sums + u * unit), stage, group[u].windows, exactly).pass;
      left[still] = group[u];
      left[still].windows = windows;
      still += windows != 0;
    }
  }
  return still;
}

/// A row of windows through the first stage. Returns those that pass and that OpenCV looks at.
HWY_INLINE std::uint64_t first_stage(float* factors, const HaarTable& table, const Corner& row, std::int64_t n,
                                     std::uint64_t& skip) {
  std::uint64_t passed = 0, failed = 0;
  for (std::int64_t x = 0; x < n; x += lanes) {
    contrast_factors(factors + x, table, row.wide + x);
    const auto there = x + lanes <= n ? block_bits : block_bits >> (x + lanes - n);
    const auto varied = there & bits_of(d, hn::Gt(hn::LoadU(d, factors + x), hn::Zero(d)));
    if (varied == 0) continue;
    const V sum = stage_sum(table, table.stages[0], Block{row + x}, hn::LoadU(d, factors + x));
    const auto exactly = [&](int i) { return exact_sum(table, table.stages[0], row + (x + i), factors[x + i]); };
    const auto verdict = judge(d, sum, table.stages[0], varied, exactly);
    passed |= verdict.pass << x;
    failed |= verdict.fail << x;
  }
  return passed & ~skipped_windows(failed, skip);
}

std::int64_t haar_tile(HaarFound* found, std::uint64_t* skip, const HaarTable& table, const HaarTile& tile) noexcept {
  HWY_ALIGN float factors[HaarTile::most_rows][word];
  Left left[HaarTile::most_rows * word / unit];
  std::int64_t count = 0;
  for (std::int32_t y = 0; y < tile.rows; ++y) {
    const Corner first{tile.sums + y * tile.stride, tile.narrow_sums + y * tile.narrow_stride};
    const auto row = first_stage(factors[y], table, first, tile.columns, skip[y]);
    for (std::int32_t x = 0; x < word && row >> x != 0; x += unit) {
      left[count] = {first + x, factors[y] + x, row >> x & unit_bits, x, y};
      count += left[count].windows != 0;
    }
  }
  for (std::size_t s = 1; s < table.stages.size() && count > 0; ++s) {
    count = next_stage(left, count, table, table.stages[s]);
  }

  const auto* const begin = found;
  for (const auto* l = left; l < left + count; ++l) {
    for (auto windows = l->windows; windows != 0; windows &= windows - 1) {
      const int i = std::countr_zero(windows);
      *found++ = {l->column + i, l->row, exact_sum(table, table.stages.back(), l->corner + i, l->factors[i])};
    }
  }
  return found - begin;
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
