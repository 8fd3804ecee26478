// SPDX-License-Identifier: Apache-2.0
// What optimisers do to every parameter, one pass over memory each: Adam, gradient descent, norms, moving averages.
#if defined(MIEN_LIB_KERNELS_OPTIMIZER_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_OPTIMIZER_INL_HPP
#undef MIEN_LIB_KERNELS_OPTIMIZER_INL_HPP
#else
#define MIEN_LIB_KERNELS_OPTIMIZER_INL_HPP
#endif

#include "lib/kernels/vector-inl.hpp"
#include "mien/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

void adam(float* w, float* m, float* v, const float* dw, std::int64_t n, const AdamStep& step) noexcept {
  const V alpha = hn::Set(d, step.alpha);
  const V m_rate = hn::Set(d, step.m_rate);
  const V v_rate = hn::Set(d, step.v_rate);
  const V epsilon = hn::Set(d, step.epsilon);
  const V scale = hn::Set(d, step.gradient_scale);
  const V l2 = hn::Set(d, step.l2);
  const V decay = hn::Set(d, step.decay);
  for (std::int64_t i = 0; i < n; i += lanes) {
    const V w_old = load_first(w + i, n - i);
    const V gradient = hn::MulAdd(l2, w_old, hn::Mul(scale, load_first(dw + i, n - i)));
    const V m_old = load_first(m + i, n - i);
    const V v_old = load_first(v + i, n - i);
    const V m_new = hn::MulAdd(m_rate, hn::Sub(gradient, m_old), m_old);
    const V v_new = hn::MulAdd(v_rate, hn::Sub(hn::Mul(gradient, gradient), v_old), v_old);
    const V move = hn::Div(hn::Mul(alpha, m_new), hn::Add(hn::Sqrt(v_new), epsilon));
    store_first(m_new, m + i, n - i);
    store_first(v_new, v + i, n - i);
    store_first(hn::Sub(hn::NegMulAdd(decay, w_old, w_old), move), w + i, n - i);
  }
}

void sgd(float* w, float* b, const float* dw, std::int64_t n, const SgdStep& step) noexcept {
  const V rate = hn::Set(d, step.rate);
  const V momentum = hn::Set(d, step.momentum);
  const V scale = hn::Set(d, step.gradient_scale);
  const V l2 = hn::Set(d, step.l2);
  for (std::int64_t i = 0; i < n; i += lanes) {
    const V w_old = load_first(w + i, n - i);
    const V gradient = hn::MulAdd(l2, w_old, hn::Mul(scale, load_first(dw + i, n - i)));
    const V b_new = hn::MulAdd(momentum, load_first(b + i, n - i), gradient);
    const V move = step.nesterov ? hn::MulAdd(momentum, b_new, gradient) : b_new;
    store_first(b_new, b + i, n - i);
    store_first(hn::NegMulAdd(rate, move, w_old), w + i, n - i);
  }
}

/// One vector of doubles from the first `n` floats at x, zeros behind them.
HWY_INLINE VD widened_first(const float* x, std::int64_t n) {
  const hn::Rebind<float, DD> narrow{};
  if (n >= lanes_d) return hn::PromoteTo(dd, hn::LoadU(narrow, x));
  HWY_ALIGN double buffer[lanes_d] = {};
  for (std::int64_t i = 0; i < n; ++i) buffer[i] = static_cast<double>(x[i]);
  return hn::Load(dd, buffer);
}

/// Four sums, so that no addition waits for the one before.
double sum_of_squares(const float* x, std::int64_t n) noexcept {
  VD sum[4];
  MIEN_UNROLL for (int v = 0; v < 4; ++v) sum[v] = hn::Zero(dd);
  for (std::int64_t i = 0; i < n; i += 4 * lanes_d) {
    MIEN_UNROLL for (int v = 0; v < 4; ++v) {
      const VD part = widened_first(x + smaller(i + v * lanes_d, n), n - i - v * lanes_d);
      sum[v] = hn::MulAdd(part, part, sum[v]);
    }
  }
  return hn::GetLane(hn::SumOfLanes(dd, hn::Add(hn::Add(sum[0], sum[1]), hn::Add(sum[2], sum[3]))));
}

void moving_average(float* y, const float* x, std::int64_t n, float rate) noexcept {
  const V part = hn::Set(d, rate);
  for (std::int64_t i = 0; i < n; i += lanes) {
    const V old = load_first(y + i, n - i);
    store_first(hn::MulAdd(part, hn::Sub(load_first(x + i, n - i), old), old), y + i, n - i);
  }
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
