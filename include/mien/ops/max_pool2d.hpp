// SPDX-License-Identifier: Apache-2.0
// Max pooling in two dimensions.
#pragma once

#include "mien/core/tensor.hpp"
#include "mien/ops/pool2d.hpp"

namespace mien {

/// The largest value of each window.
///
///   y[n,p,q,c] = max over r,s of x[n, p stride_h + r, q stride_w + s, c]
///
/// x (N,H,W,C), y (N,P,Q,C). Overwrites y. Throws Error if shapes disagree.
/// Source: keras.layers.MaxPooling2D, padding `valid`.
void max_pool2d_forward(View<float> y, View<const float> x, const Pool2dOptions& options, int threads);

/// Hands each output's derivative to the first largest value of its window.
///
/// Shapes as in max_pool2d_forward. Overwrites dx. Throws Error if shapes disagree.
void max_pool2d_backward(View<float> dx, View<const float> x, View<const float> dy, const Pool2dOptions& options,
                         int threads);

} // namespace mien
