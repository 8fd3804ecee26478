// SPDX-License-Identifier: Apache-2.0
// The gradient of a depthwise convolution by its filter.
#if defined(MIEN_LIB_KERNELS_DEPTHWISE_FILTER_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MIEN_LIB_KERNELS_DEPTHWISE_FILTER_INL_HPP
#undef MIEN_LIB_KERNELS_DEPTHWISE_FILTER_INL_HPP
#else
#define MIEN_LIB_KERNELS_DEPTHWISE_FILTER_INL_HPP
#endif

#include "lib/kernels/vector-inl.hpp"
#include "mien/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace mien::HWY_NAMESPACE {
namespace {

/// The outputs [begin, end) whose tap lies inside the input.
struct Outputs {
  std::int64_t begin;
  std::int64_t end;
};

HWY_INLINE Outputs outputs_of(std::int64_t tap, std::int64_t stride, std::int64_t pad, std::int64_t extent,
                              std::int64_t count) {
  const auto shift = pad - tap; // output i reads i * stride - shift
  const auto begin = larger(0, (shift + stride - 1) / stride);
  const auto end = extent + shift < 1 ? 0 : (extent + shift - 1) / stride + 1;
  return {begin, larger(begin, smaller(count, end))};
}

/// `Windows` neighbouring taps of a filter row at a time, so that a vector of dy serves them all; at the borders, where
/// only some of them lie inside the picture, one by one.
template <int Windows, bool Partial>
HWY_INLINE void filter_gradient(float* dw, const float* x, const float* dy, const Conv2dExtents& e, std::int64_t r,
                                std::int64_t s, std::int64_t channels) {
  const auto rows = outputs_of(r, e.stride_h, e.pad_top, e.h, e.p);
  Outputs columns[Windows];
  Outputs common{0, e.q};
  for (int i = 0; i < Windows; ++i) {
    columns[i] = outputs_of(s + i, e.stride_w, e.pad_left, e.w, e.q);
    common = {larger(common.begin, columns[i].begin), smaller(common.end, columns[i].end)};
  }
  common.end = larger(common.begin, common.end);
  V sum[Windows];
  MIEN_UNROLL for (int i = 0; i < Windows; ++i) sum[i] = hn::Zero(d);
  for (auto p = rows.begin; p < rows.end; ++p) {
    const auto source = (p * e.stride_h - e.pad_top + r) * e.w - e.pad_left + s; // what output 0 reads through tap s
    const auto value = [&](std::int64_t q, int i)
                           HWY_ATTR { return load<Partial>(x + (source + i + q * e.stride_w) * e.c, channels); };
    const auto gradient = [&](std::int64_t q) HWY_ATTR { return load<Partial>(dy + (p * e.q + q) * e.c, channels); };
    MIEN_UNROLL for (int i = 0; i < Windows; ++i) {
      for (auto q = columns[i].begin; q < smaller(columns[i].end, common.begin); ++q) {
        sum[i] = hn::MulAdd(value(q, i), gradient(q), sum[i]);
      }
    }
    for (auto q = common.begin; q < common.end; ++q) {
      const V one = gradient(q);
      MIEN_UNROLL for (int i = 0; i < Windows; ++i) sum[i] = hn::MulAdd(value(q, i), one, sum[i]);
    }
    MIEN_UNROLL for (int i = 0; i < Windows; ++i) {
      for (auto q = larger(columns[i].begin, common.end); q < columns[i].end; ++q) {
        sum[i] = hn::MulAdd(value(q, i), gradient(q), sum[i]);
      }
    }
  }
  MIEN_UNROLL for (int i = 0; i < Windows; ++i) {
    float* at = dw + (r * e.s + s + i) * e.c;
    store<Partial>(hn::Add(load<Partial>(at, channels), sum[i]), at, channels);
  }
}

template <bool Partial>
HWY_INLINE void filter_gradients(float* dw, const float* x, const float* dy, const Conv2dExtents& e, std::int64_t r,
                                 std::int64_t channels) {
  std::int64_t s = 0;
  for (; s + 3 <= e.s; s += 3) filter_gradient<3, Partial>(dw, x, dy, e, r, s, channels);
  for (; s < e.s; ++s) filter_gradient<1, Partial>(dw, x, dy, e, r, s, channels);
}

void depthwise_filter_gradient(float* dw, const float* x, const float* dy, const Conv2dExtents& e, std::int64_t r,
                               std::int64_t c0, std::int64_t c1) noexcept {
  auto c = c0;
  for (; c + lanes <= c1; c += lanes) filter_gradients<false>(dw + c, x + c, dy + c, e, r, lanes);
  if (c < c1) filter_gradients<true>(dw + c, x + c, dy + c, e, r, c1 - c);
}

} // namespace
} // namespace mien::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
