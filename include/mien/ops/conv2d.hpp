// SPDX-License-Identifier: Apache-2.0
// Convolution in two dimensions, and the algorithms that can compute it.
#pragma once

#include "mien/core/extents.hpp"
#include "mien/core/tensor.hpp"
#include "mien/kernels.hpp"
#include "mien/ops/scratch.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace mien {

/// `valid`: windows lie inside the picture. `same`: ceil(extent / stride) of them, zeros around the picture.
enum class Padding : std::uint8_t { valid, same };

struct Conv2dOptions {
  std::array<std::int64_t, 2> strides{1, 1};
  Padding padding = Padding::valid;
  bool relu = false; ///< max(0, y), fused into the forward pass
};

/// The extents of a convolution of x (N,H,W,C) with w (R,S,C,K).
/// Throws Error if ranks or channels disagree, a stride is below 1, or a window exceeds the picture.
[[nodiscard]] Conv2dExtents conv2d_extents(const Shape& x, const Shape& w, const Conv2dOptions& options);

/// One way to compute a convolution. The first in conv2d_algorithms() that does not refuse is taken.
struct Conv2dAlgorithm {
  std::string_view name;
  /// Why it cannot take this shape with this kernel set; empty if it can. Reads nothing else, so that
  /// the choice, and with it every bit of the result, is the same for any batch and number of threads; a
  /// literal, since it is asked in every step, which allocates nothing.
  std::string_view (*refuses)(const Conv2dExtents& e, const KernelSet& kernels);
  Scratch (*scratch)(const Conv2dExtents& e);
  void (*forward)(float* y, const float* x, const float* w, const float* b, bool relu, const Conv2dExtents& e,
                  float* scratch, int threads);
  void (*backward_data)(float* dx, const float* dy, const float* w, const Conv2dExtents& e, float* scratch,
                        int threads);
  void (*backward_filter)(float* dw, float* db, const float* x, const float* dy, const Conv2dExtents& e, float* scratch,
                          int threads);
};

/// Best first, the reference last.
[[nodiscard]] std::span<const Conv2dAlgorithm> conv2d_algorithms() noexcept;
[[nodiscard]] const Conv2dAlgorithm& choose_conv2d(const Conv2dExtents& e);

/// Scratch for the three functions below, on the kernel set in use.
[[nodiscard]] Scratch conv2d_scratch(const Shape& x, const Shape& w, const Conv2dOptions& options);

/// Slides every filter over every picture and adds its bias.
///
///   y[n,p,q,k] = b[k] + sum over r,s,c of x[n, p stride_h + r - pad_top, q stride_w + s - pad_left, c] w[r,s,c,k]
///
/// x (N,H,W,C), w (R,S,C,K), b (K) or empty, y (N,P,Q,K) with P and Q by the padding's rule.
/// Overwrites y; uses scratch. Throws Error if shapes disagree or scratch is too small.
/// Source: Dumoulin and Visin 2016, arXiv:1603.07285; names and padding as keras.layers.Conv2D.
void conv2d_forward(View<float> y, View<const float> x, View<const float> w, View<const float> b,
                    const Conv2dOptions& options, std::span<float> scratch, int threads);

/// The loss's derivative by the picture: dy slid over the turned filter.
///
/// Shapes as in conv2d_forward; dy is by the sum before relu (see relu_backward). Overwrites dx. Throws as it does.
void conv2d_backward_data(View<float> dx, View<const float> dy, View<const float> w, const Conv2dOptions& options,
                          std::span<float> scratch, int threads);

/// The loss's derivative by filter and bias.
///
/// Shapes as in conv2d_forward. Adds to dw and, unless it is empty, db. Throws as it does.
void conv2d_backward_filter(View<float> dw, View<float> db, View<const float> x, View<const float> dy,
                            const Conv2dOptions& options, std::span<float> scratch, int threads);

} // namespace mien
