// SPDX-License-Identifier: Apache-2.0
// A part of a picture, looked at by itself.
#pragma once

#include "mien/vision/detector.hpp"

#include <optional>
#include <vector>

namespace mien {

/// A part of a picture, and where in it it lies.
struct Part {
  int x = 0, y = 0;
  Image picture;
};

/// What a region covers of a picture, as bytes of its own; nothing if it does not touch it. Throws Error if
/// the picture's extents and bytes disagree.
[[nodiscard]] std::optional<Part> part_of(const Image& picture, const Box& region);

/// What was found in the part, where it is in the picture.
[[nodiscard]] std::vector<Detection> shifted(std::vector<Detection> detections, const Part& part);

} // namespace mien
