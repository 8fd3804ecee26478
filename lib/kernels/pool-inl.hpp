// SPDX-License-Identifier: Apache-2.0
// What the two poolings share: the walk over windows, a vector of channels at a time.
#if defined(MIEN_LIB_KERNELS_POOL_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_POOL_INL_HPP
#undef MIEN_LIB_KERNELS_POOL_INL_HPP
#else
#define MIEN_LIB_KERNELS_POOL_INL_HPP
#endif

#include "lib/kernels/vector-inl.hpp"
#include "mien/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

/// Calls f(window, output, channels) for every vector of channels of every output pixel: offsets in floats.
template <class F> HWY_INLINE void for_each_window(const PoolExtents& e, const F& f) {
  std::int64_t output = 0;
  for (std::int64_t n = 0; n < e.n; ++n) {
    for (std::int64_t p = 0; p < e.p; ++p) {
      for (std::int64_t q = 0; q < e.q; ++q, output += e.c) {
        const auto window = ((n * e.h + p * e.stride_h) * e.w + q * e.stride_w) * e.c;
        for (std::int64_t c = 0; c < e.c; c += lanes) f(window + c, output + c, e.c - c);
      }
    }
  }
}

/// The gradient by the input before any window has added to it.
HWY_INLINE void set_to_zero(float* dx, const PoolExtents& e) {
  const auto n = e.n * e.h * e.w * e.c;
  for (std::int64_t i = 0; i < n; i += lanes) store_first(hn::Zero(d), dx + i, n - i);
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
