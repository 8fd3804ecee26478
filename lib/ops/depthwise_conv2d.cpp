// SPDX-License-Identifier: Apache-2.0
#define MIEN_REFERENCE_NAMESPACE reference_in_library

#include "mien/ops/depthwise_conv2d.hpp"

#include "lib/ops/conv_windows.hpp"
#include "mien/core/error.hpp"
#include "mien/kernels.hpp"
#include "mien/ops/parallel.hpp"
#include "mien/reference/conv2d.hpp"
#include "mien/reference/depthwise_conv2d.hpp"

#include <algorithm>

namespace mien {
namespace {

namespace ref = reference_in_library;

void expect(const char* what, const Shape& actual, const Shape& expected) {
  if (actual != expected) throw Error(concat("depthwise_conv2d: ", what, " is ", actual, ", it must be ", expected));
}

template <class T> T* bias_of(const char* what, View<T> b, const Conv2dExtents& e) {
  if (b.size() == 0) return nullptr;
  expect(what, b.shape(), Shape{e.c});
  return b.data();
}

/// Calls f(n, row0, row1) on the workers for all rows of all pictures: pictures are enough parts for the threads, or
/// each is cut into blocks of rows; no bit depends on it.
template <class F> void for_each_block(std::int64_t pictures, std::int64_t rows, int threads, const F& f) {
  const auto wanted = (2 * threads + pictures - 1) / std::max<std::int64_t>(pictures, 1);
  const auto blocks = std::clamp<std::int64_t>(wanted, 1, std::max<std::int64_t>(rows, 1));
  parallel_for(threads, static_cast<int>(pictures * blocks), [&](int part, int) {
    const auto block = part % blocks;
    f(part / blocks, rows * block / blocks, rows * (block + 1) / blocks);
  });
}

constexpr std::int64_t channels_a_part = 32; // whole vectors on any processor, and some parts even in a small network

} // namespace

Conv2dExtents depthwise_conv2d_extents(const Shape& x, const Shape& w, const DepthwiseConv2dOptions& options) {
  if (x.rank() != 4 || w.rank() != 4 || w[3] != 1) {
    throw Error("depthwise_conv2d: x must be (N,H,W,C) and w (R,S,C,1)" + shapes(x, w));
  }
  if (x[3] != w[2]) {
    throw Error(concat("depthwise_conv2d: x has ", x[3], " channels, the weights expect ", w[2], shapes(x, w)));
  }
  const auto [stride_h, stride_w] = options.strides;
  if (stride_h < 1 || stride_w < 1 || w[0] < 1 || w[1] < 1) {
    throw Error(concat("depthwise_conv2d: strides (", stride_h, ", ", stride_w, ") and window must be at least 1",
                       shapes(x, w)));
  }
  return windows_over("depthwise_conv2d", x, w, x[3], options.strides, options.padding);
}

void depthwise_conv2d_forward(View<float> y, View<const float> x, View<const float> w, View<const float> b,
                              const DepthwiseConv2dOptions& options, int threads) {
  const auto e = depthwise_conv2d_extents(x.shape(), w.shape(), options);
  expect("y", y.shape(), Shape{e.n, e.p, e.q, e.k});
  const float* bias = bias_of("b", b, e);
  const auto& set = kernels();
  if (set.depthwise_rows == nullptr) return ref::depthwise_conv2d_forward(y.data(), x.data(), w.data(), bias, e);
  for_each_block(e.n, e.p, threads, [&](std::int64_t n, std::int64_t p0, std::int64_t p1) {
    set.depthwise_rows(y.data() + n * e.p * e.q * e.c, x.data() + n * e.h * e.w * e.c, w.data(), bias, e, p0, p1);
  });
}

void depthwise_conv2d_backward_data(View<float> dx, View<const float> dy, View<const float> w,
                                    const DepthwiseConv2dOptions& options, int threads) {
  const auto e = depthwise_conv2d_extents(dx.shape(), w.shape(), options);
  expect("dy", dy.shape(), Shape{e.n, e.p, e.q, e.k});
  const auto& set = kernels();
  if (set.depthwise_gradient_rows == nullptr) {
    return ref::depthwise_conv2d_backward_data(dx.data(), dy.data(), w.data(), e);
  }
  for_each_block(e.n, e.h, threads, [&](std::int64_t n, std::int64_t h0, std::int64_t h1) {
    set.depthwise_gradient_rows(dx.data() + n * e.h * e.w * e.c, dy.data() + n * e.p * e.q * e.c, w.data(), e, h0, h1);
  });
}

void depthwise_conv2d_backward_filter(View<float> dw, View<float> db, View<const float> x, View<const float> dy,
                                      const DepthwiseConv2dOptions& options, int threads) {
  const auto e = depthwise_conv2d_extents(x.shape(), dw.shape(), options);
  expect("dy", dy.shape(), Shape{e.n, e.p, e.q, e.k});
  float* bias = bias_of("db", db, e);
  const auto& set = kernels();
  if (set.depthwise_filter_gradient == nullptr) {
    ref::depthwise_conv2d_backward_filter(dw.data(), x.data(), dy.data(), e);
    if (bias != nullptr) ref::conv2d_backward_bias(bias, dy.data(), e);
    return;
  }
  // A part owns one filter row of some channels and takes the pictures in order: no sum depends on the threads.
  const auto shares = (e.c + channels_a_part - 1) / channels_a_part;
  parallel_for(threads, static_cast<int>(e.r * shares), [&](int part, int) {
    const auto r = part % e.r;
    const auto c0 = part / e.r * channels_a_part;
    const auto c1 = std::min(c0 + channels_a_part, e.c);
    for (std::int64_t n = 0; n < e.n; ++n) {
      const float* gradient = dy.data() + n * e.p * e.q * e.c;
      set.depthwise_filter_gradient(dw.data(), x.data() + n * e.h * e.w * e.c, gradient, e, r, c0, c1);
      if (r == 0 && bias != nullptr) set.column_sums(bias, gradient, e.p * e.q, e.c, c0, c1);
    }
  });
}

} // namespace mien
