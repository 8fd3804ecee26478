// SPDX-License-Identifier: Apache-2.0
// The dense layer's products.
#pragma once

#include "mien/core/tensor.hpp"

#include <cstddef>
#include <span>

namespace mien {

/// Every output is a weighted sum of all inputs.
///
///   y[n,o] = b[o] + sum over i of x[n,i] w[i,o],   then max(0, y) if relu
///
/// x (N,I), w (I,O), b (O) or empty, y (N,O); `packed` is what dense_pack has made of w, or empty. Overwrites y. Throws
/// Error if shapes disagree.
/// Source: keras.layers.Dense.
void dense_forward(View<float> y, View<const float> x, View<const float> w, View<const float> b, bool relu, int threads,
                   std::span<const float> packed = {});

/// Floats that dense_pack writes for weights of this shape, on the kernel set in use; 0: there is nothing to pack.
[[nodiscard]] std::size_t dense_packed(const Shape& w);

/// The weights in the order in which dense_forward reads them: panels of outputs, each a run of memory. It pays where
/// many forward passes follow.
void dense_pack(std::span<float> packed, View<const float> w, int threads);

/// dx[n,i] = sum over o of dy[n,o] w[i,o]. Shapes as in dense_forward; dy is by the sum before relu.
/// Overwrites dx. Throws Error if shapes disagree.
void dense_backward_data(View<float> dx, View<const float> dy, View<const float> w, int threads);

/// dw[i,o] += sum over n of x[n,i] dy[n,o], and db[o] += sum over n of dy[n,o] unless db is empty.
/// Throws Error if shapes disagree.
void dense_backward_kernel(View<float> dw, View<float> db, View<const float> x, View<const float> dy, int threads);

} // namespace mien
