// SPDX-License-Identifier: Apache-2.0
#define MIEN_REFERENCE_NAMESPACE reference_in_library

#include "mien/ops/dense.hpp"

#include "lib/ops/pieces.hpp"
#include "mien/core/error.hpp"
#include "mien/core/extents.hpp"
#include "mien/kernels.hpp"
#include "mien/reference/dense.hpp"
#include "mien/reference/relu.hpp"

namespace mien {
namespace {

namespace ref = reference_in_library;

DenseExtents extents(const Shape& x, const Shape& w, const Shape& y) {
  if (x.rank() != 2 || w.rank() != 2 || y.rank() != 2 || x[1] != w[0] || y[1] != w[1] || x[0] != y[0]) {
    throw Error(concat("dense: x must be (N,I), w (I,O) and y (N,O) (x ", x, ", w ", w, ", y ", y, ")"));
  }
  return {.n = x[0], .i = x[1], .o = w[1]};
}

std::int64_t panels_of(std::int64_t outputs) { return (outputs + kernels().panel - 1) / kernels().panel; }

template <class T> T* bias_of(View<T> b, const DenseExtents& e) {
  if (b.size() == 0) return nullptr;
  if (b.shape() != Shape{e.o}) throw Error(concat("dense: the bias is ", b.shape(), ", it must be ", Shape{e.o}));
  return b.data();
}

} // namespace

std::size_t dense_packed(const Shape& w) {
  const auto& set = kernels();
  if (set.dense_packed == nullptr) return 0;
  return static_cast<std::size_t>(w[0] * panels_of(w[1]) * set.panel);
}

void dense_pack(std::span<float> packed, View<const float> w, int threads) {
  if (packed.size() < dense_packed(w.shape()))
    throw Error(concat("dense: ", packed.size(), " floats given for packed weights, ", dense_packed(w.shape()),
                       " are needed; ask dense_packed"));
  if (packed.empty()) return;
  const auto inputs = w.shape()[0], outputs = w.shape()[1], panel = kernels().panel;
  parallel_for(threads, static_cast<int>(panels_of(outputs)), [&](int part, int) {
    const auto o0 = part * panel, columns = std::min(panel, outputs - o0);
    for (std::int64_t i = 0; i < inputs; ++i)
      std::copy_n(w.data() + i * outputs + o0, columns, packed.data() + (part * inputs + i) * panel);
  });
}

void dense_forward(View<float> y, View<const float> x, View<const float> w, View<const float> b, bool relu, int threads,
                   std::span<const float> packed) {
  const auto e = extents(x.shape(), w.shape(), y.shape());
  const float* bias = bias_of(b, e);
  const auto& set = kernels();
  if (set.dense_forward == nullptr) {
    ref::dense_forward(y.data(), x.data(), w.data(), bias, e);
    if (relu) ref::relu_forward(y.data(), y.data(), e.n * e.o);
    return;
  }
  in_pieces(e.o, 8 * set.lanes, threads, [&](std::int64_t o0, std::int64_t o1) {
    if (!packed.empty()) return set.dense_packed(y.data(), x.data(), packed.data(), bias, relu, e, o0, o1);
    set.dense_forward(y.data(), x.data(), w.data(), bias, relu, e, o0, o1);
  });
}

void dense_backward_data(View<float> dx, View<const float> dy, View<const float> w, int threads) {
  const auto e = extents(dx.shape(), w.shape(), dy.shape());
  const auto& set = kernels();
  if (set.dense_backward_data == nullptr) return ref::dense_backward_data(dx.data(), dy.data(), w.data(), e);
  in_pieces(e.i, 64, threads, [&](std::int64_t i0, std::int64_t i1) {
    set.dense_backward_data(dx.data(), dy.data(), w.data(), e, i0, i1);
  });
}

void dense_backward_kernel(View<float> dw, View<float> db, View<const float> x, View<const float> dy, int threads) {
  const auto e = extents(x.shape(), dw.shape(), dy.shape());
  float* bias = bias_of(db, e);
  const auto& set = kernels();
  if (set.dense_backward_kernel == nullptr) {
    ref::dense_backward_filter(dw.data(), x.data(), dy.data(), e);
    if (bias != nullptr) ref::dense_backward_bias(bias, dy.data(), e);
    return;
  }
  in_pieces(e.o, set.panel, threads, [&](std::int64_t o0, std::int64_t o1) {
    set.dense_backward_kernel(dw.data(), x.data(), dy.data(), e, o0, o1);
    if (bias != nullptr) set.column_sums(bias, dy.data(), e.n, e.o, o0, o1);
  });
}

} // namespace mien
