// SPDX-License-Identifier: Apache-2.0
// Average pooling in two dimensions, of windows and of whole pictures.
#pragma once

#include "mien/core/tensor.hpp"
#include "mien/ops/pool2d.hpp"

namespace mien {

/// The mean of each window.
///
///   y[n,p,q,c] = sum over r,s of x[n, p stride_h + r, q stride_w + s, c] / (R S)
///
/// x (N,H,W,C), y (N,P,Q,C). Overwrites y. Throws Error if shapes disagree.
/// Source: keras.layers.AveragePooling2D, padding `valid`.
void average_pool2d_forward(View<float> y, View<const float> x, const Pool2dOptions& options, int threads);

/// Hands each output's derivative to all elements of its window in equal shares.
///
/// Shapes as in average_pool2d_forward. Overwrites dx. Throws Error if shapes disagree.
void average_pool2d_backward(View<float> dx, View<const float> dy, const Pool2dOptions& options, int threads);

/// The mean of each channel over the whole picture.
///
///   y[n,c] = sum over h,w of x[n,h,w,c] / (H W)
///
/// x (N,H,W,C), y (N,C). Overwrites y. Throws Error if shapes disagree.
/// Source: Lin, Chen and Yan 2013, arXiv:1312.4400, section 3.2; keras.layers.GlobalAveragePooling2D.
void global_average_pool2d_forward(View<float> y, View<const float> x, int threads);

/// dx[n,h,w,c] = dy[n,c] / (H W).
///
/// Shapes as in global_average_pool2d_forward. Overwrites dx. Throws Error if shapes disagree.
void global_average_pool2d_backward(View<float> dx, View<const float> dy, int threads);

} // namespace mien
