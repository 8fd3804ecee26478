// SPDX-License-Identifier: Apache-2.0
// How much a network computes, counted from its layers' shapes.
#pragma once

#include "mien/nn/model.hpp"

namespace mien {

/// Multiplications and additions of one picture; convolutions and dense layers alone count.
struct Flop {
  double forward = 0;
  double training = 0; ///< forward, and both ways back; nobody asks for the derivative by the pictures
};

inline Flop flop_of(const Model& model) {
  Flop flop;
  for (const auto& node : model.nodes()) {
    if (node.layer->type() != "Conv2D" && node.layer->type() != "Dense" && node.layer->type() != "DepthwiseConv2D")
      continue;
    const auto& kernel = model.parameters()[node.first_parameter].value.shape();
    const bool is_picture = node.output.rank() == 3;
    const auto places = is_picture ? node.output[0] * node.output[1] : 1;
    const double forward = 2.0 * static_cast<double>(places * kernel.size());
    flop.forward += forward;
    flop.training += node.inputs[0] == 0 ? 2 * forward : 3 * forward;
  }
  return flop;
}

} // namespace mien
