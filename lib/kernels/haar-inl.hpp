// SPDX-License-Identifier: Apache-2.0
// A row of windows through a Haar cascade: all windows through the first stage, those that OpenCV looks at through the
// others, many at a time while many are left, then one by one.
#if defined(MIEN_LIB_KERNELS_HAAR_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_HAAR_INL_HPP
#undef MIEN_LIB_KERNELS_HAAR_INL_HPP
#else
#define MIEN_LIB_KERNELS_HAAR_INL_HPP
#endif

#include "lib/kernels/haar_stage-inl.hpp"

#include <bit>
#include <cmath>

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

constexpr std::int64_t word = HaarTile::most_columns; // their yes and no fit into one number
constexpr auto block_bits = ~std::uint64_t{0} >> (word - lanes), unit_bits = ~std::uint64_t{0} >> (word - unit);

HWY_INLINE std::uint64_t bits_of(Mask mask) {
  std::uint8_t bytes[8]; // as many as StoreMaskBits may write
  hn::StoreMaskBits(d, mask, bytes);
  std::uint64_t bits = 0;
  for (int i = 0; i < (lanes + 7) / 8; ++i) bits |= std::uint64_t{bytes[i]} << 8 * i;
  return bits;
}

/// factors[i] = 1 / (area * standard deviation) of window i; 0 if the deviation is at most 10: such a window is flat.
HWY_NOINLINE void contrast_factors(float* factors, const HaarTable& table, const std::uint32_t* sums) {
  using Wide = hn::ScalableTag<double>;
  constexpr Wide wide;
  constexpr hn::Rebind<std::int32_t, Wide> ints;
  constexpr hn::Rebind<float, Wide> floats;
  const auto area = hn::Set(wide, table.area);
  for (std::int64_t i = 0; i < lanes; i += hn::MaxLanes(wide)) {
    const auto inner = [&](const std::uint32_t* at) {
      const auto c = [&](std::size_t corner) {
        return hn::LoadU(hn::Rebind<std::uint32_t, Wide>(), at + i + table.inner[corner]);
      };
      return hn::PromoteTo(wide, hn::BitCast(ints, (c(0) - c(1)) - (c(2) - c(3))));
    };
    const auto sum = inner(sums), squares = inner(sums + table.squares);
    const auto spread = hn::Sub(hn::Mul(area, squares), hn::Mul(sum, sum));
    const auto factor = hn::DemoteTo(floats, hn::Div(hn::Set(wide, 1), hn::Sqrt(spread)));
    const auto exact = hn::PromoteTo(wide, factor);
    const auto varied = hn::And(hn::Gt(spread, hn::Zero(wide)), hn::Lt(hn::Mul(area, exact), hn::Set(wide, 0.1)));
    hn::StoreU(hn::DemoteTo(floats, hn::IfThenElseZero(varied, exact)), floats, factors + i);
  }
}

/// Of up to a vector of windows, those that pass and those that fail a stage.
struct Verdict {
  std::uint64_t pass, fail;
};

/// Judges the windows asked for by their sums in single precision, and where these are too close by `exactly(i)`.
template <class Exactly>
HWY_INLINE Verdict judge(V sum, const HaarStage& stage, std::uint64_t asked, const Exactly& exactly) {
  Verdict verdict{asked & bits_of(hn::Ge(sum, hn::Set(d, stage.pass))),
                  asked & bits_of(hn::Lt(sum, hn::Set(d, stage.reject)))};
  for (auto unsure = asked & ~(verdict.pass | verdict.fail); unsure != 0; unsure &= unsure - 1) {
    const bool pass = exactly(std::countr_zero(unsure)) >= stage.threshold;
    (pass ? verdict.pass : verdict.fail) |= unsure & -unsure;
  }
  return verdict;
}

template <class Windows>
HWY_INLINE V stage_sum(const HaarTable& table, const HaarStage& stage, const Windows& windows, V factor) {
  return table.stumps ? sum_of_stumps(table, stage, windows, factor) : sum_of_trees(table, stage, windows, factor);
}

/// A unit of windows of which some are left.
struct Left {
  const std::uint32_t* sums;
  const float* factors;
  std::uint64_t windows; ///< a bit each
  std::int32_t column, row;
};

/// Takes units through one stage, a vector of them at a time. Returns how many still have windows left: those are
/// first.
HWY_INLINE std::int64_t next_stage(Left* left, std::int64_t count, const HaarTable& table, const HaarStage& stage) {
  std::int64_t still = 0;
  for (std::int64_t first = 0; first < count; first += lanes / unit) {
    const auto* const group = left + first;
    Units units{{}, smaller(lanes / unit, count - first)};
    HWY_ALIGN float factors[lanes] = {};
    std::uint64_t asked = 0;
    for (std::int64_t u = 0; u < units.count; ++u) {
      units.at[u] = group[u].sums;
      asked |= group[u].windows << u * unit;
      for (std::int64_t i = 0; i < unit; ++i) factors[u * unit + i] = group[u].factors[i];
    }
    const auto exactly = [&](int i) { return exact_sum(table, stage, {units.at[i / unit] + i % unit}, factors[i]); };
    const auto pass = judge(stage_sum(table, stage, units, hn::Load(d, factors)), stage, asked, exactly).pass;
    for (std::int64_t u = 0; u < units.count; ++u) {
      const auto windows = pass >> u * unit & unit_bits;
      left[still] = group[u];
      left[still].windows = windows;
      still += windows != 0;
    }
  }
  return still;
}

/// Which windows of a word OpenCV skips: the one after a window that it looks at and that fails the first stage. Of
/// a run of such failures it skips every other one, as a reader of text skips what follows a backslash; the trick is
/// the one for backslashes: adding a bit at a run's start carries through the run, and shows where it ends.
/// `carry` is whether the word's first window is skipped, and then the next word's.
/// Source: Langdale and Lemire 2019, "Parsing gigabytes of JSON per second".
HWY_INLINE std::uint64_t skipped_windows(std::uint64_t failed, std::uint64_t& carry) {
  constexpr std::uint64_t even = 0x5555555555555555;
  failed &= ~carry;
  const std::uint64_t after = failed << 1 | carry;
  const std::uint64_t odd_starts = failed & ~even & ~after;
  const std::uint64_t carried = odd_starts + failed;
  carry = carried < failed ? 1 : 0;
  return (even ^ carried << 1) & after;
}

/// A row of windows through the first stage. Returns those that pass and that OpenCV looks at.
HWY_INLINE std::uint64_t first_stage(float* factors, const HaarTable& table, const std::uint32_t* sums, std::int64_t n,
                                     std::uint64_t& skip) {
  std::uint64_t passed = 0, failed = 0;
  for (std::int64_t x = 0; x < n; x += lanes) {
    contrast_factors(factors + x, table, sums + x);
    const auto there = x + lanes <= n ? block_bits : block_bits >> (x + lanes - n);
    const auto varied = there & bits_of(hn::Gt(hn::LoadU(d, factors + x), hn::Zero(d)));
    if (varied == 0) continue;
    const V sum = stage_sum(table, table.stages[0], Block{sums + x}, hn::LoadU(d, factors + x));
    const auto exactly = [&](int i) { return exact_sum(table, table.stages[0], {sums + x + i}, factors[x + i]); };
    const auto verdict = judge(sum, table.stages[0], varied, exactly);
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
    const auto* const sums = tile.sums + y * tile.stride;
    const auto row = first_stage(factors[y], table, sums, tile.columns, skip[y]);
    for (std::int32_t x = 0; x < word && row >> x != 0; x += unit) {
      left[count] = {sums + x, factors[y] + x, row >> x & unit_bits, x, y};
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
      *found++ = {l->column + i, l->row, exact_sum(table, table.stages.back(), {l->sums + i}, l->factors[i])};
    }
  }
  return found - begin;
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
