// SPDX-License-Identifier: Apache-2.0
// A trained network made smaller for use, with the same answers.
#pragma once

#include "mien/nn/model.hpp"

namespace mien {

/// The model without the batch normalisations that follow a convolution or a dense layer: they are put into its
/// weights.
///
///   kernel' = kernel s,  bias' = (bias - moving_mean) s + beta,  s = gamma / sqrt(moving_variance + epsilon)
///
/// In inference a batch normalisation is a scale and a shift of every channel, and so is part of the layer before it,
/// if nobody else reads that layer and it has no activation of its own; the normalisation's activation becomes the
/// layer's, or a ReLU of its own where the layer has none. Answers agree up to rounding. Others stay as they are.
[[nodiscard]] Model fold_batch_normalization(const Model& model);

} // namespace mien
