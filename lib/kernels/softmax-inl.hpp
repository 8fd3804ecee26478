// SPDX-License-Identifier: Apache-2.0
// Softmax and its cross-entropy, in double as the reference has them: a vector of classes at a time.
#if defined(MIEN_LIB_KERNELS_SOFTMAX_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_SOFTMAX_INL_HPP
#undef MIEN_LIB_KERNELS_SOFTMAX_INL_HPP
#else
#define MIEN_LIB_KERNELS_SOFTMAX_INL_HPP
#endif

#include "lib/kernels/exp-inl.hpp"
#include "mien/core/math.hpp"
#include "mien/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

HWY_INLINE float largest_of(const float* x, std::int64_t k) {
  float largest = x[0];
  for (std::int64_t i = 1; i < k; ++i) largest = x[i] > largest ? x[i] : largest;
  return largest;
}

/// exp(x[i..] - shift) for one vector of classes, 0 beyond the last.
HWY_INLINE VD exp_shifted(const float* x, std::int64_t left, double shift) {
  HWY_ALIGN double values[lanes_d];
  for (std::int64_t i = 0; i < lanes_d; ++i) values[i] = i < left ? static_cast<double>(x[i]) - shift : -1e4;
  return exp_of_negative(dd, hn::Load(dd, values));
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
