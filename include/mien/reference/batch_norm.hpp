// SPDX-License-Identifier: Apache-2.0
// Batch normalisation: every channel with mean 0 and deviation 1 over the batch, then scaled and shifted.
#pragma once

#include <cmath>
#include <cstdint>

// lib/ compiles this text in a namespace of its own, so that a user's compiler flags cannot reach it.
#ifndef MIEN_REFERENCE_NAMESPACE
#define MIEN_REFERENCE_NAMESPACE reference
#endif

namespace mien::MIEN_REFERENCE_NAMESPACE {

/// The mean of every channel, and the sum of the squared distances from it.
///
///   mean[c] = sum over m of x[m,c] / M;  squares[c] = sum over m of (x[m,c] - mean[c])^2
///
/// x (M,C), M at least 1. Overwrites mean and squares (C). The variance is squares / M.
template <class T>
void column_moments(T* mean, T* squares, const T* x, std::int64_t rows, std::int64_t channels) noexcept {
  for (std::int64_t c = 0; c < channels; ++c) {
    T sum{0}, sum_of_squares{0};
    for (std::int64_t m = 0; m < rows; ++m) sum += x[m * channels + c];
    mean[c] = sum / static_cast<T>(rows);
    for (std::int64_t m = 0; m < rows; ++m) {
      const T distance = x[m * channels + c] - mean[c];
      sum_of_squares += distance * distance;
    }
    squares[c] = sum_of_squares;
  }
}

/// Moves every channel's mean to beta, its deviation scaled; then max(0, y) if relu.
///
///   y[m,c] = scale[c] (x[m,c] - mean[c]) + beta[c];  scale = gamma / sqrt(variance + epsilon)
///
/// x and y (M,C), which may be the same; mean, scale, beta (C). Overwrites y.
/// Source: Ioffe and Szegedy 2015, arXiv:1502.03167; keras.layers.BatchNormalization.
template <class T>
void batch_norm_forward(T* y, const T* x, const T* mean, const T* scale, const T* beta, bool relu, std::int64_t rows,
                        std::int64_t channels) noexcept {
  for (std::int64_t m = 0; m < rows; ++m) {
    for (std::int64_t c = 0; c < channels; ++c) {
      const std::int64_t i = m * channels + c;
      const T value = scale[c] * (x[i] - mean[c]) + beta[c];
      y[i] = relu && value < T{0} ? T{0} : value;
    }
  }
}

/// What the derivative by x needs of all rows: sum over m of g[m,c], and of g[m,c] (x[m,c] - mean[c]).
///
///   g = dy, or with relu dy where y > 0 and 0 elsewhere
///
/// Overwrites both sums (C). dbeta is the first, dgamma the second divided by sqrt(variance + epsilon).
template <class T>
void batch_norm_sums(T* sum, T* product_sum, const T* y, const T* x, const T* dy, const T* mean, bool relu,
                     std::int64_t rows, std::int64_t channels) noexcept {
  for (std::int64_t c = 0; c < channels; ++c) {
    sum[c] = product_sum[c] = T{0};
    for (std::int64_t m = 0; m < rows; ++m) {
      const std::int64_t i = m * channels + c;
      const T g = relu && !(y[i] > T{0}) ? T{0} : dy[i];
      sum[c] += g;
      product_sum[c] += g * (x[i] - mean[c]);
    }
  }
}

/// The loss's derivative by x, whose mean and variance depend on all of x.
///
///   dx[m,c] = scale[c] g[m,c] - slope[c] (x[m,c] - mean[c]) - offset[c]
///   slope = scale (sum over m of g (x - mean)) / (M (variance + epsilon)),  offset = scale (sum over m of g) / M
///
/// g as in batch_norm_sums; with slope and offset 0 this is the derivative for a fixed mean and variance.
/// dx may be dy. Overwrites dx. Source: docs/derivations/batch-normalization.md.
template <class T>
void batch_norm_backward(T* dx, const T* y, const T* x, const T* dy, const T* mean, const T* scale, const T* slope,
                         const T* offset, bool relu, std::int64_t rows, std::int64_t channels) noexcept {
  for (std::int64_t m = 0; m < rows; ++m) {
    for (std::int64_t c = 0; c < channels; ++c) {
      const std::int64_t i = m * channels + c;
      const T g = relu && !(y[i] > T{0}) ? T{0} : dy[i];
      dx[i] = scale[c] * g - slope[c] * (x[i] - mean[c]) - offset[c];
    }
  }
}

} // namespace mien::MIEN_REFERENCE_NAMESPACE
