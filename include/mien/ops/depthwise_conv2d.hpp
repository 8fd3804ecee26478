// SPDX-License-Identifier: Apache-2.0
// Depthwise convolution in two dimensions: every channel has a filter of its own.
#pragma once

#include "mien/core/extents.hpp"
#include "mien/core/tensor.hpp"
#include "mien/ops/conv2d.hpp"

#include <array>
#include <cstdint>

namespace mien {

struct DepthwiseConv2dOptions {
  std::array<std::int64_t, 2> strides{1, 1};
  Padding padding = Padding::valid;
};

/// The extents of a depthwise convolution of x (N,H,W,C) with w (R,S,C,1); K is C.
/// Throws Error if ranks or channels disagree, a stride is below 1, or a window exceeds the picture.
[[nodiscard]] Conv2dExtents depthwise_conv2d_extents(const Shape& x, const Shape& w,
                                                     const DepthwiseConv2dOptions& options);

/// Slides every channel's filter over that channel of every picture and adds its bias.
///
///   y[n,p,q,c] = b[c] + sum over r,s of x[n, p stride_h + r - pad_top, q stride_w + s - pad_left, c] w[r,s,c,0]
///
/// x (N,H,W,C), w (R,S,C,1), b (C) or empty, y (N,P,Q,C) with P and Q by the padding's rule.
/// Overwrites y. Throws Error if shapes disagree.
/// Source: Howard et al. 2017, arXiv:1704.04861; keras.layers.DepthwiseConv2D, depth_multiplier 1.
void depthwise_conv2d_forward(View<float> y, View<const float> x, View<const float> w, View<const float> b,
                              const DepthwiseConv2dOptions& options, int threads);

/// The loss's derivative by the picture.
///
/// Shapes as in depthwise_conv2d_forward. Overwrites dx. Throws as it does.
void depthwise_conv2d_backward_data(View<float> dx, View<const float> dy, View<const float> w,
                                    const DepthwiseConv2dOptions& options, int threads);

/// The loss's derivative by filter and bias.
///
/// Shapes as in depthwise_conv2d_forward. Adds to dw and, unless it is empty, db. Throws as it does.
void depthwise_conv2d_backward_filter(View<float> dw, View<float> db, View<const float> x, View<const float> dy,
                                      const DepthwiseConv2dOptions& options, int threads);

} // namespace mien
