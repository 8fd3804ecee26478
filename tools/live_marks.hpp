// SPDX-License-Identifier: Apache-2.0
// What is drawn for the faces of a stream.
#pragma once

#include "mien/emotion/live_recognizer.hpp"
#include "mien/vision/annotate.hpp"

#include <span>
#include <string>
#include <vector>

namespace mien::cli {

[[nodiscard]] std::vector<Annotation> live_marks(std::span<const LiveFace> faces, std::span<const std::string> labels);

} // namespace mien::cli
