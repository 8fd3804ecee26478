// SPDX-License-Identifier: Apache-2.0
// Softmax, and the cross-entropy of its result with a label or with soft targets.
#pragma once

#include "mien/core/tensor.hpp"

#include <cstdint>
#include <span>

namespace mien {

/// Probabilities from logits, row by row, computed in double.
///
///   y[n,k] = exp(x[n,k]) / sum over j of exp(x[n,j])
///
/// x and y (N,K), K at least 1; y may be x. Overwrites y. Throws Error if shapes disagree.
void softmax(View<float> y, View<const float> x);

/// The sum of the cross-entropies of softmax(x) with one label a row, and its derivative by x.
///
///   loss = sum over n of (log(sum over k of exp(x[n,k])) - x[n, labels[n]])
///   dx[n,k] = scale (softmax(x)[n,k] - [k = labels[n]]);  scale 1/N makes it the derivative of the mean
///
/// x (N,K), labels (N) in [0, K), dx like x or empty if nobody wants it. Overwrites dx. Throws Error if shapes disagree
/// or a label is no class. Source: keras.losses.SparseCategoricalCrossentropy(from_logits=True).
double softmax_cross_entropy(View<float> dx, View<const float> x, std::span<const std::int32_t> labels, double scale);

/// The sum of the cross-entropies of softmax(x) with a target for each class, times a weight a row; and its derivative.
///
///   loss = sum over n of weights[n] (sum over k of t[n,k] (log(sum over j of exp(x[n,j])) - x[n,k]))
///   dx[n,k] = scale weights[n] (T[n] softmax(x)[n,k] - t[n,k]),  T[n] = sum over k of t[n,k]
///
/// x and t (N,K), rows of t sum to 1 as a rule; weights (N), or empty where all are 1; dx like x, or empty if nobody
/// wants it. Scale 1/N makes dx the derivative of the mean, 1/(sum of weights) that of the weighted mean: see
/// mien/train/targets.hpp. Overwrites dx. Throws Error if shapes disagree.
/// Source: torch.nn.functional.cross_entropy with class probabilities.
double soft_cross_entropy(View<float> dx, View<const float> x, View<const float> t, std::span<const float> weights,
                          double scale);

} // namespace mien
