// SPDX-License-Identifier: Apache-2.0
// The outputs' side of Winograd's convolution: y = A^T M A, then what follows while a tile is in registers.
#if defined(MIEN_LIB_KERNELS_WINOGRAD_OUTPUT_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_WINOGRAD_OUTPUT_INL_HPP
#undef MIEN_LIB_KERNELS_WINOGRAD_OUTPUT_INL_HPP
#else
#define MIEN_LIB_KERNELS_WINOGRAD_OUTPUT_INL_HPP
#endif

#include "lib/kernels/winner-inl.hpp"
#include "lib/kernels/winograd-inl.hpp"
#include "mien/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

/// y as it is written: (P,Q,K), or the half of it in both directions where it is pooled.
struct OutputSize {
  std::int64_t p, q, k;

  OutputSize(const Conv2dExtents& e, bool pooled) : p(pooled ? e.p / 2 : e.p), q(pooled ? e.q / 2 : e.q), k(e.k) {}
  [[nodiscard]] HWY_INLINE std::int64_t offset(const TilePlace& at) const { return ((at.n * p + at.p) * q + at.q) * k; }
};

/// Calls f(i, j, offset) for every place of a tile of `extent` squared that lies inside y.
template <int extent, class F>
HWY_INLINE void for_each_inside(const TilePlace& at, const OutputSize& size, const F& f) {
  MIEN_UNROLL for (int i = 0; i < extent; ++i) {
    MIEN_UNROLL for (int j = 0; j < extent; ++j) {
      if (at.p + i < size.p && at.q + j < size.q) f(i, j, (i * size.q + j) * size.k);
    }
  }
}

template <class F, bool Partial>
HWY_INLINE void transform_output(float* y, std::uint8_t* winners, const float* m, std::int64_t step, const float* b,
                                 const ConvEpilogue& after, const TilePlace& at, const OutputSize& size,
                                 std::int64_t channels) {
  const V bias = b == nullptr ? hn::Zero(d) : load<Partial>(b, channels);
  V out[F::m][F::m];
  both_ways<typename F::Output>([&](int i, int j)
                                    HWY_ATTR { return load<Partial>(m + (i * F::side + j) * step, channels); },
                                [&](int i, int j, V sum) HWY_ATTR {
                                  const V value = hn::Add(sum, bias);
                                  out[i][j] = after.relu ? rectified(value) : value;
                                });
  if (!after.max_pool) {
    return for_each_inside<F::m>(
        at, size, [&](int i, int j, std::int64_t offset) HWY_ATTR { store<Partial>(out[i][j], y + offset, channels); });
  }
  for_each_inside<F::m / 2>(at, size, [&](int i, int j, std::int64_t offset) HWY_ATTR {
    const auto best =
        largest_of_four(out[2 * i][2 * j], out[2 * i][2 * j + 1], out[2 * i + 1][2 * j], out[2 * i + 1][2 * j + 1]);
    store<Partial>(best.value, y + offset, channels);
    if (winners != nullptr) store_winners<Partial>(best.winner, winners + offset, channels);
  });
}

template <class F>
HWY_NOINLINE void winograd_output_by(float* y, const float* m, const WinogradExtents& e, const WinogradTiles& t,
                                     const ConvEpilogue& after, std::int64_t k0, std::int64_t k1) {
  const OutputSize size(e.conv, after.max_pool);
  for (std::int64_t i = 0; i < t.count; ++i, m += size.k) {
    auto at = place_of(t.first + i, e);
    if (after.max_pool) at.p /= 2, at.q /= 2;
    const auto offset = size.offset(at);
    for (auto k = k0; k < k1; k += lanes) {
      const float* b = after.b == nullptr ? nullptr : after.b + k;
      std::uint8_t* winners = after.winners == nullptr ? nullptr : after.winners + offset + k;
      if (k + lanes <= k1) {
        transform_output<F, false>(y + offset + k, winners, m + k, t.step, b, after, at, size, lanes);
      } else {
        transform_output<F, true>(y + offset + k, winners, m + k, t.step, b, after, at, size, k1 - k);
      }
    }
  }
}

void winograd_output(float* y, const float* m, const WinogradExtents& e, const WinogradTiles& t,
                     const ConvEpilogue& after, std::int64_t k0, std::int64_t k1) noexcept {
  e.m == 2 ? winograd_output_by<F2>(y, m, e, t, after, k0, k1) : winograd_output_by<F4>(y, m, e, t, after, k0, k1);
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
