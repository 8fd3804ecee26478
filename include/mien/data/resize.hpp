// SPDX-License-Identifier: Apache-2.0
// Pictures at another size.
#pragma once

#include "mien/io/image.hpp"

namespace mien {

/// A picture at another size, by a separable triangle filter in whole numbers: the same bytes on every machine.
///
///   y[o] = sum(i) x[i] max(0, 1 - |i + 1/2 - (o + 1/2) s| / max(s, 1)) / sum of weights,  s = old / new extent
///
/// Enlarging, that is bilinear interpolation between pixel centres; shrinking, every pixel counts (no aliasing).
/// The picture itself comes back if the size is its own. Throws Error if an extent is below 1 or the picture is empty.
[[nodiscard]] Image resized(const Image& picture, int width, int height);

} // namespace mien
