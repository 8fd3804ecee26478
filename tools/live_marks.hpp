// SPDX-License-Identifier: Apache-2.0
// What is drawn for the faces of a stream.
#pragma once

#include "mien/emotion/live_recognizer.hpp"
#include "mien/vision/annotate.hpp"

#include <span>
#include <string>
#include <vector>

namespace mien::cli {

/// A frame around each face, with its number and its steady label: `2: happy 80 %`, or `2: unsure`.
[[nodiscard]] std::vector<Annotation> live_marks(std::span<const LiveFace> faces, std::span<const std::string> labels);

/// A copy of the picture with these marks, in RGB; `hide` makes the faces unrecognisable.
[[nodiscard]] Image marked(Image picture, std::span<const LiveFace> faces, std::span<const std::string> labels,
                           bool hide);

} // namespace mien::cli
