// SPDX-License-Identifier: Apache-2.0
// The outputs' side of Winograd's convolution on the way back: M = A dy A^T, where dy comes through what followed.
#if defined(MIEN_LIB_KERNELS_WINOGRAD_GRADIENT_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_WINOGRAD_GRADIENT_INL_HPP
#undef MIEN_LIB_KERNELS_WINOGRAD_GRADIENT_INL_HPP
#else
#define MIEN_LIB_KERNELS_WINOGRAD_GRADIENT_INL_HPP
#endif

#include "lib/kernels/winograd_output-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

/// The derivative by the convolution's sum where y is not pooled, or by the largest of four where it is.
template <bool Partial>
HWY_INLINE V gradient_at(const float* dy, const float* y, const ConvGradient& after, std::int64_t channels) {
  const V gradient = load<Partial>(dy, channels);
  if (y == nullptr) return gradient;
  return hn::IfThenElseZero(hn::Gt(load<Partial>(y, channels), hn::Zero(d)), times(after.scale, gradient));
}

template <class F, bool Partial>
HWY_INLINE void transform_gradient(float* m, std::int64_t step, const float* dy, const float* y,
                                   const std::uint8_t* winners, const ConvGradient& after, const TilePlace& at,
                                   const OutputSize& size, std::int64_t channels) {
  V in[F::m][F::m];
  MIEN_UNROLL for (int i = 0; i < F::m; ++i) MIEN_UNROLL for (int j = 0; j < F::m; ++j) in[i][j] = hn::Zero(d);
  const auto gradient = [&](std::int64_t offset) HWY_ATTR {
    return gradient_at<Partial>(dy + offset, y == nullptr ? nullptr : y + offset, after, channels);
  };
  if (winners == nullptr) {
    for_each_inside<F::m>(at, size, [&](int i, int j, std::int64_t offset) HWY_ATTR { in[i][j] = gradient(offset); });
  } else {
    for_each_inside<F::m / 2>(at, size, [&](int i, int j, std::int64_t offset) HWY_ATTR {
      const V value = gradient(offset);
      const W winner = load_winners<Partial>(winners + offset, channels);
      MIEN_UNROLL for (int k = 0; k < 4; ++k) in[2 * i + k / 2][2 * j + k % 2] = where_it_won(winner, k, value);
    });
  }
  both_ways<typename F::OutputAdjoint>([&](int i, int j) HWY_ATTR { return in[i][j]; },
                                       [&](int i, int j, V value)
                                           HWY_ATTR { store<Partial>(value, m + (i * F::side + j) * step, channels); });
}

template <class F>
HWY_NOINLINE void winograd_output_adjoint_by(float* m, const float* dy, const WinogradExtents& e,
                                             const WinogradTiles& t, const ConvGradient& after) {
  const bool pooled = after.winners != nullptr;
  const OutputSize size(e.conv, pooled);
  for (std::int64_t i = 0; i < t.count; ++i, m += size.k) {
    auto at = place_of(t.first + i, e);
    if (pooled) at.p /= 2, at.q /= 2;
    const auto offset = size.offset(at);
    for (std::int64_t k = 0; k < size.k; k += lanes) {
      const float* y = after.y == nullptr ? nullptr : after.y + offset + k;
      const std::uint8_t* winners = pooled ? after.winners + offset + k : nullptr;
      if (k + lanes <= size.k) {
        transform_gradient<F, false>(m + k, t.step, dy + offset + k, y, winners, after, at, size, lanes);
      } else {
        transform_gradient<F, true>(m + k, t.step, dy + offset + k, y, winners, after, at, size, size.k - k);
      }
    }
  }
}

void winograd_output_adjoint(float* m, const float* dy, const WinogradExtents& e, const WinogradTiles& t,
                             const ConvGradient& after) noexcept {
  e.m == 2 ? winograd_output_adjoint_by<F2>(m, dy, e, t, after) : winograd_output_adjoint_by<F4>(m, dy, e, t, after);
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
