// SPDX-License-Identifier: Apache-2.0
// SiLU: a vector of elements at a time, in float.
#if defined(MIEN_LIB_KERNELS_SILU_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_SILU_INL_HPP
#undef MIEN_LIB_KERNELS_SILU_INL_HPP
#else
#define MIEN_LIB_KERNELS_SILU_INL_HPP
#endif

#include "lib/kernels/exp-inl.hpp"
#include "mien/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

/// 1 / (1 + e^-x) and 1 / (1 + e^x), which add up to 1; neither loses digits where it is small.
struct Sigmoids {
  V of_x;
  V of_minus_x;
};

HWY_INLINE Sigmoids sigmoids(V x) {
  const V power = exp_of_negative(d, hn::Neg(hn::Abs(x)));
  const V larger_one = hn::Div(hn::Set(d, 1.0f), hn::Add(hn::Set(d, 1.0f), power));
  const V smaller_one = hn::Mul(power, larger_one);
  const auto negative = hn::Lt(x, hn::Zero(d));
  return {hn::IfThenElse(negative, smaller_one, larger_one), hn::IfThenElse(negative, larger_one, smaller_one)};
}

void silu_forward(float* y, const float* x, std::int64_t n) noexcept {
  for (std::int64_t i = 0; i < n; i += lanes) {
    const V value = load_first(x + i, n - i);
    store_first(hn::Mul(value, sigmoids(value).of_x), y + i, n - i);
  }
}

void silu_backward(float* dx, const float* x, const float* dy, std::int64_t n) noexcept {
  for (std::int64_t i = 0; i < n; i += lanes) {
    const V value = load_first(x + i, n - i);
    const auto s = sigmoids(value);
    const V slope = hn::Mul(s.of_x, hn::MulAdd(value, s.of_minus_x, hn::Set(d, 1.0f)));
    store_first(hn::Mul(load_first(dy + i, n - i), slope), dx + i, n - i);
  }
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
