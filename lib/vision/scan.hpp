// SPDX-License-Identifier: Apache-2.0
// A cascade at every place and size of a picture.
#pragma once

#include "mien/core/cascade.hpp"
#include "mien/vision/cascade_detector.hpp"

#include <vector>

namespace mien {

/// Every window that passes all stages, in the order of sizes, rows and columns, whatever `threads`; `score` is what
/// the last stage sums up to. As OpenCV's, a window may end a pixel outside the picture.
///
/// `grey` has one channel; `cascade` and `settings` are sound.
[[nodiscard]] std::vector<Detection> scan(const Cascade& cascade, const Image& grey, const CascadeSettings& settings,
                                          int threads);

} // namespace mien
