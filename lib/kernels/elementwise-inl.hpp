// SPDX-License-Identifier: Apache-2.0
// Functions of one element at a time: the rectifiers, addition, and sums down columns.
#if defined(MIEN_LIB_KERNELS_ELEMENTWISE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_ELEMENTWISE_INL_HPP
#undef MIEN_LIB_KERNELS_ELEMENTWISE_INL_HPP
#else
#define MIEN_LIB_KERNELS_ELEMENTWISE_INL_HPP
#endif

#include "lib/kernels/vector-inl.hpp"
#include "mien/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

void relu_forward(float* y, const float* x, std::int64_t n) noexcept {
  for (std::int64_t i = 0; i < n; i += lanes) store_first(rectified(load_first(x + i, n - i)), y + i, n - i);
}

void relu_backward(float* dx, const float* y, const float* dy, std::int64_t n) noexcept {
  for (std::int64_t i = 0; i < n; i += lanes) {
    const auto passes = hn::Gt(load_first(y + i, n - i), hn::Zero(d));
    store_first(hn::IfThenElseZero(passes, load_first(dy + i, n - i)), dx + i, n - i);
  }
}

void leaky_relu_forward(float* y, const float* x, std::int64_t n, float slope) noexcept {
  const V factor = hn::Set(d, slope);
  for (std::int64_t i = 0; i < n; i += lanes) {
    const V value = load_first(x + i, n - i);
    store_first(hn::IfThenElse(hn::Lt(value, hn::Zero(d)), hn::Mul(factor, value), value), y + i, n - i);
  }
}

void leaky_relu_backward(float* dx, const float* y, const float* dy, std::int64_t n, float slope) noexcept {
  const V factor = hn::Set(d, slope);
  for (std::int64_t i = 0; i < n; i += lanes) {
    const auto passes = hn::Gt(load_first(y + i, n - i), hn::Zero(d));
    const V gradient = load_first(dy + i, n - i);
    store_first(hn::IfThenElse(passes, gradient, hn::Mul(factor, gradient)), dx + i, n - i);
  }
}

void add_forward(float* y, const float* a, const float* b, std::int64_t n) noexcept {
  for (std::int64_t i = 0; i < n; i += lanes) {
    store_first(hn::Add(load_first(a + i, n - i), load_first(b + i, n - i)), y + i, n - i);
  }
}

/// Four vectors of columns at a time, each sum down its column in order.
void column_sums(float* sums, const float* x, std::int64_t rows, std::int64_t k, std::int64_t k0,
                 std::int64_t k1) noexcept {
  for (; k0 < k1; k0 += 4 * lanes) {
    V sum[4];
    MIEN_UNROLL for (int v = 0; v < 4; ++v) sum[v] = load_first(sums + k0 + v * lanes, k1 - k0 - v * lanes);
    for (std::int64_t row = 0; row < rows; ++row) {
      const float* from = x + row * k + k0;
      MIEN_UNROLL for (int v = 0; v < 4; ++v) {
        sum[v] = hn::Add(sum[v], load_first(from + v * lanes, k1 - k0 - v * lanes));
      }
    }
    MIEN_UNROLL for (int v = 0; v < 4; ++v) store_first(sum[v], sums + k0 + v * lanes, k1 - k0 - v * lanes);
  }
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
