// SPDX-License-Identifier: Apache-2.0
// Turning the rectangles of a feature into the corners that the kernels read.
#pragma once

#include "lib/vision/level_sums.hpp"
#include "mien/core/cascade.hpp"
#include "mien/core/haar_table.hpp"

namespace mien {

/// Sets a node's form, weight and corners. False if no form holds the feature, or its values are not exact in single
/// precision.
[[nodiscard]] bool set_feature(HaarNode& node, const HaarFeature& feature, const SumsLayout& layout);

} // namespace mien
