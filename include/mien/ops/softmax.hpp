// SPDX-License-Identifier: Apache-2.0
// Softmax, and the cross-entropy of its result with a label.
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

} // namespace mien
