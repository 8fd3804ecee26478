// SPDX-License-Identifier: Apache-2.0
// Which windows a Haar cascade looks at, and which pass a stage: as bits.
#if defined(MIEN_LIB_KERNELS_HAAR_JUDGE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_HAAR_JUDGE_INL_HPP
#undef MIEN_LIB_KERNELS_HAAR_JUDGE_INL_HPP
#else
#define MIEN_LIB_KERNELS_HAAR_JUDGE_INL_HPP
#endif

#include "lib/kernels/vector-inl.hpp"
#include "mien/core/haar_table.hpp"

#include <bit>
#include <cmath>

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

template <class Tag> HWY_INLINE std::uint64_t bits_of(Tag tag, hn::Mask<Tag> mask) {
  std::uint8_t bytes[8]; // as many as StoreMaskBits may write
  hn::StoreMaskBits(tag, mask, bytes);
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < (hn::MaxLanes(tag) + 7) / 8; ++i) bits |= std::uint64_t{bytes[i]} << 8 * i;
  return bits;
}

/// factors[i] = 1 / (area * standard deviation) of window i; 0 if the deviation is at most 10: such a window is flat.
HWY_INLINE void contrast_factors(float* factors, const HaarTable& table, const std::uint32_t* sums) {
#if HWY_HAVE_FLOAT64
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
#else // no vectors of doubles
  for (std::int64_t i = 0; i < lanes; ++i) {
    const auto inner = [&](const std::uint32_t* at) {
      const auto c = [&](std::size_t corner) { return at[i + table.inner[corner]]; };
      return static_cast<double>((c(0) - c(1)) - (c(2) - c(3)));
    };
    const double sum = inner(sums), squares = inner(sums + table.squares);
    const double spread = table.area * squares - sum * sum;
    const auto factor = spread > 0 ? static_cast<float>(1 / std::sqrt(spread)) : 0.0f;
    factors[i] = table.area * static_cast<double>(factor) < 0.1 ? factor : 0;
  }
#endif
}

/// Of up to a vector of windows, those that pass and those that fail a stage.
struct Verdict {
  std::uint64_t pass, fail;
};

/// Judges the windows asked for, of the first n, by their sums in single precision, and where these are too close by
/// `exactly(i)`.
template <class Exactly>
HWY_INLINE Verdict judge(const float* sums, std::int64_t n, const HaarStage& stage, std::uint64_t asked,
                         const Exactly& exactly) {
  Verdict verdict{0, 0};
  for (std::int64_t i = 0; i < n; i += lanes) {
    const V sum = hn::Load(d, sums + i);
    verdict.pass |= bits_of(d, hn::Ge(sum, hn::Set(d, stage.pass))) << i;
    verdict.fail |= bits_of(d, hn::Lt(sum, hn::Set(d, stage.reject))) << i;
  }
  verdict = {asked & verdict.pass, asked & verdict.fail};
  for (auto unsure = asked & ~(verdict.pass | verdict.fail); unsure != 0; unsure &= unsure - 1) {
    const bool pass = exactly(std::countr_zero(unsure)) >= stage.threshold;
    (pass ? verdict.pass : verdict.fail) |= unsure & -unsure;
  }
  return verdict;
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

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
