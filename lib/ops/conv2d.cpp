// SPDX-License-Identifier: Apache-2.0
// Checks shapes, picks an algorithm, calls it.
#include "mien/ops/conv2d.hpp"

#include "lib/ops/conv2d_algorithms.hpp"
#include "lib/ops/conv_windows.hpp"
#include "mien/core/error.hpp"
#include "mien/ops/relu.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace mien {
namespace {

void expect(const char* what, const Shape& actual, const Shape& expected) {
  if (actual != expected) throw Error(concat("conv2d: ", what, " is ", actual, ", it must be ", expected));
}

void expect_fusing(const Conv2dAlgorithm& algorithm, const Conv2dOptions& options) {
  if (options.max_pool && !algorithm.fuses_max_pool)
    throw Error(concat("conv2d: the algorithm ", algorithm.name, " cannot pool; use max_pool2d_forward behind it"));
}

void expect_scratch(std::span<float> scratch, std::size_t needed, int threads) {
  if (scratch.size() < needed)
    throw Error(concat("conv2d: ", scratch.size(), " floats of scratch given, ", needed, " are needed for ", threads,
                       " threads; ask conv2d_scratch"));
}

Shape output_shape(const Conv2dExtents& e, bool pooled) {
  return pooled ? Shape{e.n, e.p / 2, e.q / 2, e.k} : Shape{e.n, e.p, e.q, e.k};
}

float* bias_of(View<float> db, const Conv2dExtents& e) {
  if (db.size() != 0) expect("db", db.shape(), Shape{e.k});
  return db.size() == 0 ? nullptr : db.data();
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
  static const std::array algorithms{winograd_conv2d_4(), winograd_conv2d_2(), narrow_conv2d(), direct_conv2d(),
                                     reference_conv2d()};
  return algorithms;
}

const Conv2dAlgorithm& choose_conv2d(const Conv2dExtents& e, std::string_view begin) {
  const auto all = conv2d_algorithms();
  const auto first = begin.empty() ? all.begin() : std::ranges::find(all, begin, &Conv2dAlgorithm::name);
  if (first == all.end()) {
    std::string names;
    for (const auto& algorithm : all) names += (names.empty() ? "" : ", ") + std::string(algorithm.name);
    throw Error(concat("conv2d: there is no algorithm \"", begin, "\"; there are ", names));
  }
  const auto& set = kernels();
  return *std::find_if(first, all.end(), [&](const auto& a) { return a.refuses(e, set).empty(); });
}

Scratch conv2d_scratch(const Shape& x, const Shape& w, const Conv2dOptions& options, bool training) {
  const auto e = conv2d_extents(x, w, options);
  const auto& algorithm = choose_conv2d(e, options.algorithm);
  auto scratch = algorithm.scratch(e, training);
  scratch.shared = std::max(scratch.shared, algorithm.packed(e));
  return scratch;
}

std::size_t conv2d_packed(const Shape& x, const Shape& w, const Conv2dOptions& options) {
  const auto e = conv2d_extents(x, w, options);
  return choose_conv2d(e, options.algorithm).packed(e);
}

void conv2d_pack(std::span<float> packed, View<const float> w, const Shape& x, const Conv2dOptions& options,
                 int threads) {
  const auto e = conv2d_extents(x, w.shape(), options);
  const auto& algorithm = choose_conv2d(e, options.algorithm);
  if (packed.size() < algorithm.packed(e))
    throw Error(concat("conv2d: ", packed.size(), " floats given for packed filters, ", algorithm.packed(e),
                       " are needed; ask conv2d_packed"));
  if (algorithm.pack != nullptr) algorithm.pack(packed.data(), w.data(), e, threads);
}

void conv2d_forward(View<float> y, View<const float> x, View<const float> w, View<const float> b,
                    const Conv2dOptions& options, std::span<float> scratch, int threads, std::span<const float> packed,
                    std::span<std::uint8_t> winners) {
  const auto e = conv2d_extents(x.shape(), w.shape(), options);
  const auto& algorithm = choose_conv2d(e, options.algorithm);
  expect_fusing(algorithm, options);
  expect("y", y.shape(), output_shape(e, options.max_pool));
  if (b.size() != 0) expect("b", b.shape(), Shape{e.k});
  const auto packs = packed.empty() ? algorithm.packed(e) : 0;
  auto needed = algorithm.scratch(e, false);
  needed.shared += packs;
  expect_scratch(scratch, needed.floats(threads), threads);
  const float* filters = packed.empty() ? w.data() : packed.data();
  if (packs > 0) {
    algorithm.pack(scratch.data(), w.data(), e, threads);
    filters = scratch.data();
  }
  algorithm.forward({.y = y.data(),
                     .x = x.data(),
                     .packed = filters,
                     .after = {.b = b.size() == 0 ? nullptr : b.data(),
                               .relu = options.relu,
                               .max_pool = options.max_pool,
                               .winners = winners.empty() ? nullptr : winners.data()}},
                    e, scratch.data() + packs, threads);
}

void conv2d_backward(const Conv2dGradients& to, View<float> dy, View<const float> x, View<const float> y,
                     View<const float> w, const Conv2dOptions& options, std::span<float> scratch, int threads,
                     std::span<const std::uint8_t> winners, float dropout_scale) {
  const auto e = conv2d_extents(x.shape(), w.shape(), options);
  const auto& algorithm = choose_conv2d(e, options.algorithm);
  expect_fusing(algorithm, options);
  expect("dy", dy.shape(), output_shape(e, options.max_pool));
  if (to.dx.data() != nullptr) expect("dx", to.dx.shape(), x.shape());
  if (to.dw.data() != nullptr) expect("dw", to.dw.shape(), w.shape());
  float* db = bias_of(to.db, e);
  expect_scratch(scratch, algorithm.scratch(e, true).floats(threads), threads);
  if (options.relu) expect("y", y.shape(), dy.shape());
  if (options.relu && !algorithm.fuses_relu) relu_backward(dy, y, dy, threads);
  const ConvGradient after{.y = options.relu && algorithm.fuses_relu ? y.data() : nullptr,
                           .winners = options.max_pool ? winners.data() : nullptr,
                           .scale = dropout_scale};
  algorithm.backward(
      {.dx = to.dx.data(), .dw = to.dw.data(), .db = db, .x = x.data(), .dy = dy.data(), .w = w.data(), .after = after},
      e, scratch.data(), threads);
}

} // namespace mien
