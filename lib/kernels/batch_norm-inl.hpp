// SPDX-License-Identifier: Apache-2.0
// Batch normalisation: channels lie in the vectors, rows are walked down; constants of a channel stay in registers.
#if defined(MIEN_LIB_KERNELS_BATCH_NORM_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_BATCH_NORM_INL_HPP
#undef MIEN_LIB_KERNELS_BATCH_NORM_INL_HPP
#else
#define MIEN_LIB_KERNELS_BATCH_NORM_INL_HPP
#endif

#include "lib/kernels/vector-inl.hpp"
#include "mien/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

/// Vectors of channels that are walked down together: with two, every channel's constants fit into registers.
constexpr int normed = 2;

/// Calls f(c0, partial) for each group of `normed` vectors of channels; the last may be cut short.
template <class F> HWY_INLINE void for_channel_groups(std::int64_t k, const F& f) {
  std::int64_t c0 = 0;
  for (; c0 + normed * lanes <= k; c0 += normed * lanes) f(c0, std::false_type{});
  for (; c0 < k; c0 += normed * lanes) f(c0, std::true_type{});
}

void column_moments(float* mean, float* squares, const float* x, std::int64_t rows, std::int64_t k) noexcept {
  for_channel_groups(k, [&](std::int64_t c0, auto partial) HWY_ATTR {
    const auto at = [&](const float* p, int v)
                        HWY_ATTR { return load<partial.value>(p + v * lanes, k - c0 - v * lanes); };
    V sum[normed], about[normed], square[normed];
    MIEN_UNROLL for (int v = 0; v < normed; ++v) sum[v] = square[v] = hn::Zero(d);
    for (std::int64_t row = 0; row < rows; ++row) {
      MIEN_UNROLL for (int v = 0; v < normed; ++v) sum[v] = hn::Add(sum[v], at(x + row * k + c0, v));
    }
    MIEN_UNROLL for (int v = 0; v < normed; ++v) about[v] = hn::Div(sum[v], hn::Set(d, static_cast<float>(rows)));
    for (std::int64_t row = 0; row < rows; ++row) {
      MIEN_UNROLL for (int v = 0; v < normed; ++v) {
        const V distance = hn::Sub(at(x + row * k + c0, v), about[v]);
        square[v] = hn::MulAdd(distance, distance, square[v]);
      }
    }
    MIEN_UNROLL for (int v = 0; v < normed; ++v) {
      store<partial.value>(about[v], mean + c0 + v * lanes, k - c0 - v * lanes);
      store<partial.value>(square[v], squares + c0 + v * lanes, k - c0 - v * lanes);
    }
  });
}

void batch_norm_forward(float* y, const float* x, const float* mean, const float* scale, const float* beta, bool relu,
                        std::int64_t rows, std::int64_t k) noexcept {
  for_channel_groups(k, [&](std::int64_t c0, auto partial) HWY_ATTR {
    const auto at = [&](const float* p, int v)
                        HWY_ATTR { return load<partial.value>(p + v * lanes, k - c0 - v * lanes); };
    V m[normed], s[normed], b[normed];
    MIEN_UNROLL for (int v = 0; v < normed; ++v) {
      m[v] = at(mean + c0, v);
      s[v] = at(scale + c0, v);
      b[v] = at(beta + c0, v);
    }
    for (std::int64_t row = 0; row < rows; ++row) {
      MIEN_UNROLL for (int v = 0; v < normed; ++v) {
        const V value = hn::MulAdd(s[v], hn::Sub(at(x + row * k + c0, v), m[v]), b[v]);
        store<partial.value>(relu ? rectified(value) : value, y + row * k + c0 + v * lanes, k - c0 - v * lanes);
      }
    }
  });
}

/// dy, or where a rectifier followed, dy where it let through.
HWY_INLINE V passed(V y, V dy, bool relu) { return relu ? hn::IfThenElseZero(hn::Gt(y, hn::Zero(d)), dy) : dy; }

void batch_norm_sums(float* sum, float* product_sum, const float* y, const float* x, const float* dy, const float* mean,
                     bool relu, std::int64_t rows, std::int64_t k) noexcept {
  for_channel_groups(k, [&](std::int64_t c0, auto partial) HWY_ATTR {
    const auto at = [&](const float* p, int v)
                        HWY_ATTR { return load<partial.value>(p + v * lanes, k - c0 - v * lanes); };
    V m[normed], g_sum[normed], gx_sum[normed];
    MIEN_UNROLL for (int v = 0; v < normed; ++v) {
      m[v] = at(mean + c0, v);
      g_sum[v] = gx_sum[v] = hn::Zero(d);
    }
    for (std::int64_t row = 0; row < rows; ++row) {
      const std::int64_t from = row * k + c0;
      MIEN_UNROLL for (int v = 0; v < normed; ++v) {
        const V g = passed(at(y + from, v), at(dy + from, v), relu);
        g_sum[v] = hn::Add(g_sum[v], g);
        gx_sum[v] = hn::MulAdd(g, hn::Sub(at(x + from, v), m[v]), gx_sum[v]);
      }
    }
    MIEN_UNROLL for (int v = 0; v < normed; ++v) {
      store<partial.value>(g_sum[v], sum + c0 + v * lanes, k - c0 - v * lanes);
      store<partial.value>(gx_sum[v], product_sum + c0 + v * lanes, k - c0 - v * lanes);
    }
  });
}

void batch_norm_backward(float* dx, const float* y, const float* x, const float* dy, const float* mean,
                         const float* scale, const float* slope, const float* offset, bool relu, std::int64_t rows,
                         std::int64_t k) noexcept {
  for_channel_groups(k, [&](std::int64_t c0, auto partial) HWY_ATTR {
    const auto at = [&](const float* p, int v)
                        HWY_ATTR { return load<partial.value>(p + v * lanes, k - c0 - v * lanes); };
    V m[normed], s[normed], b[normed], o[normed];
    MIEN_UNROLL for (int v = 0; v < normed; ++v) {
      m[v] = at(mean + c0, v);
      s[v] = at(scale + c0, v);
      b[v] = at(slope + c0, v);
      o[v] = at(offset + c0, v);
    }
    for (std::int64_t row = 0; row < rows; ++row) {
      const std::int64_t from = row * k + c0;
      MIEN_UNROLL for (int v = 0; v < normed; ++v) {
        const V g = passed(at(y + from, v), at(dy + from, v), relu);
        const V rest = hn::MulAdd(b[v], hn::Sub(at(x + from, v), m[v]), o[v]);
        store<partial.value>(hn::MulSub(s[v], g, rest), dx + from + v * lanes, k - c0 - v * lanes);
      }
    }
  });
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
