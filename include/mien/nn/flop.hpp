// SPDX-License-Identifier: Apache-2.0
// How much a network computes, counted from its layers' shapes.
#pragma once

#include "mien/nn/model.hpp"

namespace mien {

/// Multiplications and additions for one picture.
struct Flop {
  double forward = 0;
  double backward = 0; ///< both ways back: by the input and by the weights
  [[nodiscard]] double training() const noexcept { return forward + backward; }
};

/// What one layer computes, by direct arithmetic, whichever algorithm runs.
///
///   forward = 2 * (places of the output) * (elements of the kernel);  backward = 2 forward, or forward where the
///   layer reads the pictures, by which nobody asks for the derivative
///
/// Convolutions and dense layers alone count, without their biases: everything else is 0. Products with the zeros of a
/// padding count as well. An algorithm that multiplies less (Winograd's) can reach more than the processor's peak in
/// this measure, which is what makes algorithms comparable.
[[nodiscard]] Flop flop_of(const Model& model, const Model::Node& node);

/// The sum over all layers.
[[nodiscard]] Flop flop_of(const Model& model);

} // namespace mien
