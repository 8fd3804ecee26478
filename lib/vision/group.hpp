// SPDX-License-Identifier: Apache-2.0
// One box for many windows that agree.
#pragma once

#include "mien/vision/detector.hpp"

#include <span>
#include <vector>

namespace mien {

/// The groups of more than `min_neighbors` windows, each as its mean box with its best score, in the order of their
/// first windows; 0 returns the windows as they are.
///
/// Two windows agree if each side of one lies within 0.2 of the smaller's size from the other's; a group is whatever
/// agreement connects. A box inside another's, of more windows or itself of less than three, is left out. Source:
/// OpenCV, groupRectangles.
[[nodiscard]] std::vector<Detection> grouped(std::span<const Detection> windows, int min_neighbors);

/// Boxes cut off at the picture's edges; those with nothing left are dropped.
[[nodiscard]] std::vector<Detection> clipped(std::vector<Detection> boxes, int width, int height);

} // namespace mien
