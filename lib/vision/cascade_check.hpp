// SPDX-License-Identifier: Apache-2.0
// What must hold for a cascade before it may be evaluated, wherever it was read from.
#pragma once

#include "mien/core/cascade.hpp"

#include <string_view>

namespace mien {

/// OpenCV lets a window pass whose sum is short of the stage's threshold by less than this.
[[nodiscard]] constexpr float effective_threshold(float in_file) noexcept { return in_file - 1e-5f; }

/// Throws Error, beginning with `name`, unless every list is filled in order, every index points into its list, trees
/// end, features lie in the window, and numbers are finite.
void expect_sound(const Cascade& cascade, std::string_view name);

} // namespace mien
