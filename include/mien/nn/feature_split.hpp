// SPDX-License-Identifier: Apache-2.0
// A network cut in two, behind its last convolution.
#pragma once

#include "mien/nn/model.hpp"

#include <cstdint>

namespace mien {

/// Two models that one after the other compute what the whole one computes.
struct FeatureSplit {
  Model features; ///< pictures in, the last feature map (H,W,C) out
  Model head;     ///< the last feature map in, the whole network's output out
};

/// Cuts a network behind its last convolution and whatever follows that one at the same resolution (its normalisation,
/// its activation, a sum with a short cut), where one value alone is handed on. Parameters are copied. Dropout behind
/// the cut, which does nothing in use, is left out, so that the head may be planned as for training and still computes
/// what is computed in use. Throws Error if there is no convolution, or no such place.
[[nodiscard]] FeatureSplit split_at_features(const Model& model);

/// The same network with fresh parameters: as it was before it learnt anything.
[[nodiscard]] Model with_random_weights(const Model& model, std::uint64_t seed);

} // namespace mien
