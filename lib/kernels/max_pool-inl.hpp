// SPDX-License-Identifier: Apache-2.0
// Max pooling: a vector of channels at a time.
#if defined(MIEN_LIB_KERNELS_MAX_POOL_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_MAX_POOL_INL_HPP
#undef MIEN_LIB_KERNELS_MAX_POOL_INL_HPP
#else
#define MIEN_LIB_KERNELS_MAX_POOL_INL_HPP
#endif

#include "lib/kernels/pool-inl.hpp"
#include "mien/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

/// The largest value of one window, in each of the channels that a vector holds.
HWY_INLINE V largest_of(const float* window, std::int64_t channels, const PoolExtents& e) {
  V largest = load_first(window, channels);
  for (std::int64_t r = 0; r < e.r; ++r) {
    for (std::int64_t s = 0; s < e.s; ++s) {
      const V value = load_first(window + (r * e.w + s) * e.c, channels);
      largest = hn::IfThenElse(hn::Gt(value, largest), value, largest);
    }
  }
  return largest;
}

struct MaxOfWindow {
  float* y;
  const float* x;
  const PoolExtents& e;

  HWY_INLINE void operator()(std::int64_t window, std::int64_t output, std::int64_t channels) const {
    store_first(largest_of(x + window, channels, e), y + output, channels);
  }
};

/// The first value of the window that equals its maximum takes dy; it is the first that no value exceeds.
struct GradientToMax {
  float* dx;
  const float* x;
  const float* dy;
  const PoolExtents& e;

  HWY_INLINE void operator()(std::int64_t window, std::int64_t output, std::int64_t channels) const {
    const V largest = largest_of(x + window, channels, e);
    V waiting = load_first(dy + output, channels); // becomes zero in a channel once it is handed on
    for (std::int64_t r = 0; r < e.r; ++r) {
      for (std::int64_t s = 0; s < e.s; ++s) {
        const auto at = window + (r * e.w + s) * e.c;
        const auto here = hn::Eq(load_first(x + at, channels), largest);
        const V sum = hn::Add(load_first(dx + at, channels), hn::IfThenElseZero(here, waiting));
        store_first(sum, dx + at, channels);
        waiting = hn::IfThenZeroElse(here, waiting);
      }
    }
  }
};

void max_pool_forward(float* y, const float* x, const PoolExtents& e) noexcept {
  for_each_window(e, MaxOfWindow{y, x, e});
}

void max_pool_backward(float* dx, const float* x, const float* dy, const PoolExtents& e) noexcept {
  set_to_zero(dx, e);
  for_each_window(e, GradientToMax{dx, x, dy, e});
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
