// SPDX-License-Identifier: Apache-2.0
// Max pooling in two dimensions.
#pragma once

#include "mien/core/extents.hpp"
#include "mien/core/tensor.hpp"

#include <array>
#include <cstdint>

namespace mien {

struct MaxPool2dOptions {
  std::array<std::int64_t, 2> pool_size{2, 2};
  std::array<std::int64_t, 2> strides{2, 2};
};

/// The extents of a pooling of x (N,H,W,C); windows lie inside the picture, a remainder is left out.
/// Throws Error if x is no batch of pictures, a size or stride is below 1, or the window exceeds the picture.
[[nodiscard]] MaxPoolExtents max_pool2d_extents(const Shape& x, const MaxPool2dOptions& options);

/// The largest value of each window.
///
///   y[n,p,q,c] = max over r,s of x[n, p stride_h + r, q stride_w + s, c]
///
/// x (N,H,W,C), y (N,P,Q,C). Overwrites y. Throws Error if shapes disagree.
/// Source: keras.layers.MaxPooling2D, padding `valid`.
void max_pool2d_forward(View<float> y, View<const float> x, const MaxPool2dOptions& options, int threads);

/// Hands each output's derivative to the first largest value of its window.
///
/// Shapes as in max_pool2d_forward. Overwrites dx. Throws Error if shapes disagree.
void max_pool2d_backward(View<float> dx, View<const float> x, View<const float> dy, const MaxPool2dOptions& options,
                         int threads);

} // namespace mien
