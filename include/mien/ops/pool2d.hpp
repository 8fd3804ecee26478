// SPDX-License-Identifier: Apache-2.0
// What the two poolings share: windows and strides.
#pragma once

#include "mien/core/extents.hpp"
#include "mien/core/shape.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace mien {

struct Pool2dOptions {
  std::array<std::int64_t, 2> pool_size{2, 2};
  std::array<std::int64_t, 2> strides{2, 2};
};

/// The extents of a pooling of x (N,H,W,C); windows lie inside the picture, a remainder is left out.
/// Throws Error, beginning with the operation's name, if x is no batch of pictures, a size or stride is below 1, or the
/// window exceeds the picture.
[[nodiscard]] PoolExtents pool2d_extents(std::string_view operation, const Shape& x, const Pool2dOptions& options);

} // namespace mien
