// SPDX-License-Identifier: Apache-2.0
// What a network is trained towards: smoothed labels, and classes that weigh more than others.
#pragma once

#include "mien/core/tensor.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mien {

/// Targets from labels: t[n,k] = (1 - smoothing) [k = labels[n]] + smoothing / K, rows that sum to 1.
///
/// t (N,K), labels (N) in [0, K), smoothing in [0, 1): 0 gives one-hot rows. Overwrites t. Throws Error if shapes
/// disagree, a label is no class, or the smoothing is outside.
/// Source: Szegedy et al. 2016, "Rethinking the inception architecture"; Keras's and PyTorch's label_smoothing.
void smoothed_targets(View<float> t, std::span<const std::int32_t> labels, double smoothing);

/// The same from shares instead of labels: t[n,k] = (1 - smoothing) soft[n,k] + smoothing / K.
///
/// t (N,K), soft: N*K numbers, rows that sum to 1; smoothing in [0, 1). Overwrites t. Throws Error if there are not as
/// many, or if the smoothing is outside. Source: Barsoum et al. 2016 (a distribution over expressions as the target).
void smoothed_shares(View<float> t, std::span<const float> soft, double smoothing);

/// A weight for each class that makes all classes count alike: n / (C * count), C the classes that have a picture; 0
/// for those that have none. The mean weight of the pictures is 1.
///
/// counts: the pictures of each class, n in all. Source: scikit-learn's class_weight="balanced".
[[nodiscard]] std::vector<float> balanced_class_weights(std::span<const std::size_t> counts);

/// Writes each picture's weight, that of its class, and returns the number that a batch's weighted loss is divided by:
/// the sum of these weights, as in PyTorch.
///
///   loss = sum over n of weights[n] loss[n] / sum over n of weights[n]
///
/// So it does not matter in which unit the weights are given, and a batch of one rare class makes no longer step than
/// any other. Keras divides by N instead. A sum of 0 is returned as 1. Throws Error if lengths disagree or a label has
/// no weight.
double weights_of_labels(std::span<float> weights, std::span<const std::int32_t> labels,
                         std::span<const float> class_weights);

} // namespace mien
