// SPDX-License-Identifier: Apache-2.0
// What a network has learned, used for another task.
#pragma once

#include "mien/nn/model.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mien {

/// The model with a last layer for other classes: a dense layer of `classes` units with fresh weights, everything
/// before it as it is. Throws Error if the last layer is no Dense, or if classes is below 2.
[[nodiscard]] Model with_new_classes(const Model& model, std::int64_t classes, std::uint64_t seed = 1);

/// Which of the model's nodes are named: by a name, by the beginning of one (`conv2d*`), or by the word `features`,
/// which is all but the last node with parameters. Throws Error for a name that fits none, listing those there are, and
/// if nothing were left to train.
[[nodiscard]] std::vector<bool> frozen_nodes(const Model& model, std::span<const std::string> names);

/// The same marks for the model's parameters.
[[nodiscard]] std::vector<bool> frozen_parameters(const Model& model, const std::vector<bool>& frozen_nodes);

} // namespace mien
