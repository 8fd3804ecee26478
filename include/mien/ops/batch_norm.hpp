// SPDX-License-Identifier: Apache-2.0
// Batch normalisation of tensors whose last axis holds the channels.
#pragma once

#include "mien/core/tensor.hpp"
#include "mien/ops/scratch.hpp"

#include <span>

namespace mien {

struct BatchNormOptions {
  double epsilon = 1e-3; ///< added to the variance, so that a constant channel divides by no zero
  bool relu = false;     ///< max(0, y), fused into both ways
};

/// Scratch for the three functions below.
[[nodiscard]] Scratch batch_norm_scratch(const Shape& x);

/// The mean and the variance of every channel over a batch.
///
///   mean[c] = sum over m of x[m,c] / M;  variance[c] = sum over m of (x[m,c] - mean[c])^2 / M
///
/// x (..., C) with M rows of C channels; mean and variance (C). Reads x once; what a sum is grouped by depends on the
/// shape alone. Overwrites both; uses scratch. Throws Error if shapes disagree or x is empty.
/// Source: Chan, Golub and LeVeque 1983 for the grouping.
void batch_norm_statistics(View<float> mean, View<float> variance, View<const float> x, std::span<float> scratch,
                           int threads);

/// Normalises every channel, then scales and shifts it.
///
///   y = gamma (x - mean) / sqrt(variance + epsilon) + beta, then max(0, y) if relu
///
/// x and y (..., C), which may be the same; the others (C). Overwrites y; uses scratch. Throws Error if shapes
/// disagree. Source: Ioffe and Szegedy 2015, arXiv:1502.03167; keras.layers.BatchNormalization.
void batch_norm_forward(View<float> y, View<const float> x, View<const float> mean, View<const float> variance,
                        View<const float> gamma, View<const float> beta, const BatchNormOptions& options,
                        std::span<float> scratch, int threads);

/// Where batch_norm_backward takes mean and variance from: then they are functions of x, or constants.
enum class NormStatistics { of_batch, fixed };

/// The loss's derivative by x, gamma and beta.
///
///   g = dy where y > 0 or there is no relu, else 0
///   dbeta += sum over m of g;  dgamma += sum over m of g xhat;  xhat = (x - mean) / sqrt(variance + epsilon)
///   dx = gamma / sqrt(variance + epsilon) (g - mean of g - xhat (mean of g xhat)), without the two means if fixed
///
/// Shapes as in batch_norm_forward, y as it left it. Adds to dgamma and dbeta, overwrites dx, which may be dy, or whose
/// data() is null where nobody wants it. Throws Error if shapes disagree. Source:
/// docs/derivations/batch-normalization.md.
void batch_norm_backward(View<float> dx, View<float> dgamma, View<float> dbeta, View<const float> y,
                         View<const float> x, View<const float> dy, View<const float> mean, View<const float> variance,
                         View<const float> gamma, const BatchNormOptions& options, NormStatistics statistics,
                         std::span<float> scratch, int threads);

} // namespace mien
