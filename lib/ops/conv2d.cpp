// SPDX-License-Identifier: Apache-2.0
// Checks shapes, picks an algorithm, calls it.
#include "mien/ops/conv2d.hpp"

#include "lib/ops/conv2d_algorithms.hpp"
#include "lib/ops/conv_windows.hpp"
#include "mien/core/error.hpp"

#include <algorithm>
#include <array>

namespace mien {
namespace {

void expect(const char* what, const Shape& actual, const Shape& expected) {
  if (actual != expected) throw Error(concat("conv2d: ", what, " is ", actual, ", it must be ", expected));
}

const Conv2dAlgorithm& checked(const Conv2dExtents& e, std::span<float> scratch, int threads) {
  const auto& algorithm = choose_conv2d(e);
  const auto needed = algorithm.scratch(e).floats(threads);
  if (scratch.size() < needed) {
    throw Error(concat("conv2d: ", scratch.size(), " floats of scratch given, ", needed, " are needed for ", threads,
                       " threads; ask conv2d_scratch"));
  }
  return algorithm;
}

} // namespace

Conv2dExtents conv2d_extents(const Shape& x, const Shape& w, const Conv2dOptions& options) {
  if (x.rank() != 4 || w.rank() != 4) {
    throw Error("conv2d: x must be (N,H,W,C) and w (R,S,C,K)" + shapes(x, w));
  }
  if (x[3] != w[2]) {
    throw Error(concat("conv2d: x has ", x[3], " channels, the weights expect ", w[2], shapes(x, w),
                       w[2] == 1 ? "; turn the image grey first" : ""));
  }
  const auto [stride_h, stride_w] = options.strides;
  if (stride_h < 1 || stride_w < 1 || w[0] < 1 || w[1] < 1 || w[3] < 1) {
    throw Error(concat("conv2d: strides (", stride_h, ", ", stride_w, "), window and filters must be at least 1",
                       shapes(x, w)));
  }
  return windows_over("conv2d", x, w, w[3], options.strides, options.padding);
}

std::span<const Conv2dAlgorithm> conv2d_algorithms() noexcept {
  static const std::array algorithms{direct_conv2d(), reference_conv2d()};
  return algorithms;
}

const Conv2dAlgorithm& choose_conv2d(const Conv2dExtents& e) {
  const auto& set = kernels();
  return *std::ranges::find_if(conv2d_algorithms(), [&](const auto& a) { return a.refuses(e, set).empty(); });
}

Scratch conv2d_scratch(const Shape& x, const Shape& w, const Conv2dOptions& options) {
  const auto e = conv2d_extents(x, w, options);
  return choose_conv2d(e).scratch(e);
}

void conv2d_forward(View<float> y, View<const float> x, View<const float> w, View<const float> b,
                    const Conv2dOptions& options, std::span<float> scratch, int threads) {
  const auto e = conv2d_extents(x.shape(), w.shape(), options);
  expect("y", y.shape(), Shape{e.n, e.p, e.q, e.k});
  if (b.size() != 0) expect("b", b.shape(), Shape{e.k});
  const float* bias = b.size() == 0 ? nullptr : b.data();
  checked(e, scratch, threads).forward(y.data(), x.data(), w.data(), bias, options.relu, e, scratch.data(), threads);
}

void conv2d_backward_data(View<float> dx, View<const float> dy, View<const float> w, const Conv2dOptions& options,
                          std::span<float> scratch, int threads) {
  const auto e = conv2d_extents(dx.shape(), w.shape(), options);
  expect("dy", dy.shape(), Shape{e.n, e.p, e.q, e.k});
  checked(e, scratch, threads).backward_data(dx.data(), dy.data(), w.data(), e, scratch.data(), threads);
}

void conv2d_backward_filter(View<float> dw, View<float> db, View<const float> x, View<const float> dy,
                            const Conv2dOptions& options, std::span<float> scratch, int threads) {
  const auto e = conv2d_extents(x.shape(), dw.shape(), options);
  expect("dy", dy.shape(), Shape{e.n, e.p, e.q, e.k});
  if (db.size() != 0) expect("db", db.shape(), Shape{e.k});
  float* bias = db.size() == 0 ? nullptr : db.data();
  checked(e, scratch, threads).backward_filter(dw.data(), bias, x.data(), dy.data(), e, scratch.data(), threads);
}

} // namespace mien
