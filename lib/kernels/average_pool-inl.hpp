// SPDX-License-Identifier: Apache-2.0
// Average pooling: a vector of channels at a time.
#if defined(MIEN_LIB_KERNELS_AVERAGE_POOL_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_AVERAGE_POOL_INL_HPP
#undef MIEN_LIB_KERNELS_AVERAGE_POOL_INL_HPP
#else
#define MIEN_LIB_KERNELS_AVERAGE_POOL_INL_HPP
#endif

#include "lib/kernels/pool-inl.hpp"
#include "mien/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

struct MeanOfWindow {
  float* y;
  const float* x;
  const PoolExtents& e;

  HWY_INLINE void operator()(std::int64_t window, std::int64_t output, std::int64_t channels) const {
    V sum = hn::Zero(d);
    for (std::int64_t r = 0; r < e.r; ++r) {
      for (std::int64_t s = 0; s < e.s; ++s) {
        sum = hn::Add(sum, load_first(x + window + (r * e.w + s) * e.c, channels));
      }
    }
    store_first(hn::Div(sum, hn::Set(d, static_cast<float>(e.r * e.s))), y + output, channels);
  }
};

/// Every value of the window takes an equal share of dy.
struct GradientToAll {
  float* dx;
  const float* dy;
  const PoolExtents& e;

  HWY_INLINE void operator()(std::int64_t window, std::int64_t output, std::int64_t channels) const {
    const V share = hn::Div(load_first(dy + output, channels), hn::Set(d, static_cast<float>(e.r * e.s)));
    for (std::int64_t r = 0; r < e.r; ++r) {
      for (std::int64_t s = 0; s < e.s; ++s) {
        float* at = dx + window + (r * e.w + s) * e.c;
        store_first(hn::Add(load_first(at, channels), share), at, channels);
      }
    }
  }
};

void average_pool_forward(float* y, const float* x, const PoolExtents& e) noexcept {
  for_each_window(e, MeanOfWindow{y, x, e});
}

void average_pool_backward(float* dx, const float* dy, const PoolExtents& e) noexcept {
  set_to_zero(dx, e);
  for_each_window(e, GradientToAll{dx, dy, e});
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
