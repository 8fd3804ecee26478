// SPDX-License-Identifier: Apache-2.0
// Softmax and its cross-entropy, in double as the reference has them: a vector of classes at a time.
#if defined(MIEN_LIB_KERNELS_SOFTMAX_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_SOFTMAX_INL_HPP
#undef MIEN_LIB_KERNELS_SOFTMAX_INL_HPP
#else
#define MIEN_LIB_KERNELS_SOFTMAX_INL_HPP
#endif

#include "lib/kernels/vector-inl.hpp"
#include "mien/core/math.hpp"
#include "mien/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

/// e to the x for x <= 0, 0 below -708: math::exp (lib/core/math.cpp) lane by lane.
HWY_INLINE VD exp_of_negative(VD x) {
  const auto vanishes = hn::Lt(x, hn::Set(dd, -708.0));
  x = hn::IfThenZeroElse(vanishes, x);
  const VD k = hn::Round(hn::Mul(x, hn::Set(dd, 1.4426950408889634)));
  VD r = hn::NegMulAdd(k, hn::Set(dd, 0x1.62e42feep-1), x); // ln 2 in two parts, the first one exact in k
  r = hn::NegMulAdd(k, hn::Set(dd, 0x1.a39ef35793c76p-33), r);
  VD sum = hn::Zero(dd);
  for (int n = 14; n >= 1; --n) sum = hn::Mul(hn::Add(sum, hn::Set(dd, 1.0)), hn::Mul(r, hn::Set(dd, 1.0 / n)));
  const hn::RebindToSigned<DD> di{};
  // k + 1.5 * 2^52 holds k + 1023 in its low bits once 1023 is added: what the exponent of 2^k is made of.
  const auto shifted = hn::BitCast(di, hn::Add(k, hn::Set(dd, 0x1.8p52 + 1023)));
  const VD power = hn::BitCast(dd, hn::ShiftLeft<52>(shifted));
  return hn::IfThenZeroElse(vanishes, hn::MulAdd(sum, power, power));
}

HWY_INLINE float largest_of(const float* x, std::int64_t k) {
  float largest = x[0];
  for (std::int64_t i = 1; i < k; ++i) largest = x[i] > largest ? x[i] : largest;
  return largest;
}

/// exp(x[i..] - shift) for one vector of classes, 0 beyond the last.
HWY_INLINE VD exp_shifted(const float* x, std::int64_t left, double shift) {
  HWY_ALIGN double values[lanes_d];
  for (std::int64_t i = 0; i < lanes_d; ++i) values[i] = i < left ? static_cast<double>(x[i]) - shift : -1e4;
  return exp_of_negative(hn::Load(dd, values));
}

HWY_INLINE double log_sum_exp(const float* x, std::int64_t k) {
  const double largest = static_cast<double>(largest_of(x, k));
  VD sum = hn::Zero(dd);
  for (std::int64_t i = 0; i < k; i += lanes_d) sum = hn::Add(sum, exp_shifted(x + i, k - i, largest));
  return largest + math::log(hn::GetLane(hn::SumOfLanes(dd, sum)));
}

/// y[i] = scale * exp(x[i] - normaliser), less scale at `label`.
HWY_INLINE void probabilities(float* y, const float* x, std::int64_t k, double normaliser, double scale,
                              std::int64_t label) {
  for (std::int64_t i = 0; i < k; i += lanes_d) {
    HWY_ALIGN double values[lanes_d];
    hn::Store(exp_shifted(x + i, k - i, normaliser), dd, values);
    for (std::int64_t j = 0; j < lanes_d && i + j < k; ++j) {
      y[i + j] = static_cast<float>(scale * (i + j == label ? values[j] - 1 : values[j]));
    }
  }
}

void softmax(float* y, const float* x, std::int64_t n, std::int64_t k) noexcept {
  for (; n > 0; --n, x += k, y += k) probabilities(y, x, k, log_sum_exp(x, k), 1, -1);
}

double softmax_cross_entropy(float* dx, const float* x, const std::int32_t* labels, std::int64_t n, std::int64_t k,
                             double scale) noexcept {
  double loss = 0;
  for (std::int64_t row = 0; row < n; ++row, x += k) {
    const double normaliser = log_sum_exp(x, k);
    loss += normaliser - static_cast<double>(x[labels[row]]);
    if (dx != nullptr) probabilities(dx + row * k, x, k, normaliser, scale, labels[row]);
  }
  return loss;
}

double soft_cross_entropy(float* dx, const float* x, const float* t, const float* weights, std::int64_t n,
                          std::int64_t k, double scale) noexcept {
  double loss = 0;
  for (std::int64_t row = 0; row < n; ++row, x += k, t += k) {
    const double weight = weights == nullptr ? 1.0 : static_cast<double>(weights[row]);
    const double normaliser = log_sum_exp(x, k);
    double row_loss = 0, total = 0;
    for (std::int64_t i = 0; i < k; ++i) {
      total += static_cast<double>(t[i]);
      row_loss += static_cast<double>(t[i]) * (normaliser - static_cast<double>(x[i]));
    }
    loss += weight * row_loss;
    if (dx == nullptr) continue;
    for (std::int64_t i = 0; i < k; i += lanes_d) {
      HWY_ALIGN double values[lanes_d];
      hn::Store(exp_shifted(x + i, k - i, normaliser), dd, values);
      for (std::int64_t j = 0; j < lanes_d && i + j < k; ++j) {
        const double difference = total * values[j] - static_cast<double>(t[i + j]);
        dx[row * k + i + j] = static_cast<float>(scale * weight * difference);
      }
    }
  }
  return loss;
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
