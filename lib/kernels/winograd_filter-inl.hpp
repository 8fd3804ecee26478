// SPDX-License-Identifier: Apache-2.0
// The filters' side of Winograd's convolution: U = G g G^T for every pair of channels, and the way back.
#if defined(MIEN_LIB_KERNELS_WINOGRAD_FILTER_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_WINOGRAD_FILTER_INL_HPP
#undef MIEN_LIB_KERNELS_WINOGRAD_FILTER_INL_HPP
#else
#define MIEN_LIB_KERNELS_WINOGRAD_FILTER_INL_HPP
#endif

#include "lib/kernels/tile-inl.hpp"
#include "lib/kernels/winograd-inl.hpp"
#include "mien/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

template <class F, bool Partial>
HWY_INLINE void transform_filter(float* u, std::int64_t step, const float* w, std::int64_t filters, std::int64_t left) {
  both_ways<typename F::Filter>([&](int r, int s) HWY_ATTR { return load<Partial>(w + (r * 3 + s) * filters, left); },
                                [&](int i, int j, V value)
                                    HWY_ATTR { hn::StoreU(value, d, u + (i * F::side + j) * step); });
}

template <class F, bool Partial>
HWY_INLINE void add_filter_gradient(float* dw, const WinogradSums& du, std::int64_t filters, std::int64_t f,
                                    std::int64_t left) {
  both_ways<typename F::FilterAdjoint>(
      [&](int i, int j) HWY_ATTR {
        const float* from = du.data + (i * F::side + j) * du.position_step + f;
        V sum = load<Partial>(from, left);
        for (std::int64_t n = 1; n < du.count; ++n) sum = hn::Add(sum, load<Partial>(from + n * du.step, left));
        return sum;
      },
      [&](int r, int s, V value) HWY_ATTR {
        float* to = dw + (r * 3 + s) * filters + f;
        store<Partial>(hn::Add(load<Partial>(to, left), value), to, left);
      });
}

template <class F>
HWY_NOINLINE void winograd_filter_by(float* u, const float* w, std::int64_t step, std::int64_t c, std::int64_t k,
                                     std::int64_t c0, std::int64_t c1) {
  for (; c0 < c1; ++c0) {
    for (std::int64_t k0 = 0; k0 < k; k0 += lanes) {
      float* to = u + (k0 / panel * c + c0) * panel + k0 % panel;
      const float* from = w + c0 * k + k0;
      if (k0 + lanes <= k) {
        transform_filter<F, false>(to, step, from, c * k, lanes);
      } else {
        transform_filter<F, true>(to, step, from, c * k, k - k0);
      }
    }
  }
}

template <class F>
HWY_NOINLINE void winograd_filter_adjoint_by(float* dw, const WinogradSums& du, std::int64_t filters, std::int64_t f0,
                                             std::int64_t f1) {
  auto f = f0;
  for (; f + lanes <= f1; f += lanes) add_filter_gradient<F, false>(dw, du, filters, f, lanes);
  if (f < f1) add_filter_gradient<F, true>(dw, du, filters, f, f1 - f);
}

void winograd_filter(float* u, const float* w, std::int64_t m, std::int64_t step, std::int64_t c, std::int64_t k,
                     std::int64_t c0, std::int64_t c1) noexcept {
  m == 2 ? winograd_filter_by<F2>(u, w, step, c, k, c0, c1) : winograd_filter_by<F4>(u, w, step, c, k, c0, c1);
}

void winograd_filter_adjoint(float* dw, const WinogradSums& du, std::int64_t m, std::int64_t filters, std::int64_t f0,
                             std::int64_t f1) noexcept {
  m == 2 ? winograd_filter_adjoint_by<F2>(dw, du, filters, f0, f1)
         : winograd_filter_adjoint_by<F4>(dw, du, filters, f0, f1);
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
