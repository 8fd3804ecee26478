// SPDX-License-Identifier: Apache-2.0
// The exponential function of a vector, in float or double.
#if defined(MIEN_LIB_KERNELS_EXP_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_EXP_INL_HPP
#undef MIEN_LIB_KERNELS_EXP_INL_HPP
#else
#define MIEN_LIB_KERNELS_EXP_INL_HPP
#endif

#include "lib/kernels/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

/// What exp_of_negative needs to know about a format.
template <class T> struct ExpNumbers;

template <> struct ExpNumbers<double> {
  static constexpr double least = -708;               // below it 2^k has no exponent of its own
  static constexpr double ln2_high = 0x1.62e42feep-1; // ln 2 in two parts, the first one exact in k
  static constexpr double ln2_low = 0x1.a39ef35793c76p-33;
  static constexpr double shift = 0x1.8p52 + 1023; // leaves k + 1023 in the low bits of a number it is added to
  static constexpr int mantissa = 52;
  static constexpr int terms = 14; // of Taylor's series: the next is below 2^-60
};

template <> struct ExpNumbers<float> {
  static constexpr float least = -87;
  static constexpr float ln2_high = 0x1.62e4p-1f;
  static constexpr float ln2_low = 0x1.7f7d1cp-20f;
  static constexpr float shift = 0x1.8p23f + 127;
  static constexpr int mantissa = 23;
  static constexpr int terms = 7; // the next is below 2^-27
};

/// e to the x for x <= 0, 0 below `least`: math::exp (lib/core/math.cpp) lane by lane. A NaN stays one.
template <class DT, class VT = hn::Vec<DT>> HWY_INLINE VT exp_of_negative(DT dt, VT x) {
  using T = hn::TFromD<DT>;
  using Numbers = ExpNumbers<T>;
  const auto vanishes = hn::Lt(x, hn::Set(dt, Numbers::least));
  x = hn::IfThenZeroElse(vanishes, x);
  const VT k = hn::Round(hn::Mul(x, hn::Set(dt, static_cast<T>(1.4426950408889634))));
  VT r = hn::NegMulAdd(k, hn::Set(dt, Numbers::ln2_high), x);
  r = hn::NegMulAdd(k, hn::Set(dt, Numbers::ln2_low), r);
  VT sum = hn::Zero(dt);
  for (int n = Numbers::terms; n >= 1; --n) {
    sum = hn::Mul(hn::Add(sum, hn::Set(dt, T{1})), hn::Mul(r, hn::Set(dt, static_cast<T>(1.0 / n))));
  }
  const hn::RebindToSigned<DT> di{};
  const auto shifted = hn::BitCast(di, hn::Add(k, hn::Set(dt, Numbers::shift)));
  const VT power = hn::BitCast(dt, hn::ShiftLeft<Numbers::mantissa>(shifted));
  return hn::IfThenZeroElse(vanishes, hn::MulAdd(sum, power, power));
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
