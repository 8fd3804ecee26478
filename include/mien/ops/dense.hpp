// SPDX-License-Identifier: Apache-2.0
// The dense layer's products.
#pragma once

#include "mien/core/tensor.hpp"

namespace mien {

/// Every output is a weighted sum of all inputs.
///
///   y[n,o] = b[o] + sum over i of x[n,i] w[i,o],   then max(0, y) if relu
///
/// x (N,I), w (I,O), b (O) or empty, y (N,O). Overwrites y. Throws Error if shapes disagree.
/// Source: keras.layers.Dense.
void dense_forward(View<float> y, View<const float> x, View<const float> w, View<const float> b, bool relu,
                   int threads);

/// dx[n,i] = sum over o of dy[n,o] w[i,o]. Shapes as in dense_forward; dy is by the sum before relu.
/// Overwrites dx. Throws Error if shapes disagree.
void dense_backward_data(View<float> dx, View<const float> dy, View<const float> w, int threads);

/// dw[i,o] += sum over n of x[n,i] dy[n,o], and db[o] += sum over n of dy[n,o] unless db is empty.
/// Throws Error if shapes disagree.
void dense_backward_kernel(View<float> dw, View<float> db, View<const float> x, View<const float> dy, int threads);

} // namespace mien
