// SPDX-License-Identifier: Apache-2.0
// The panel beside the picture: the camera's sign, what the model says of each face, how fast all goes.
#pragma once

#include "tools/live_view.hpp"

namespace mien::cli {

/// How large the font's dots are in a picture of this size, in pixels.
[[nodiscard]] int dot_for(int width, int height) noexcept;

/// The panel's extents, in dots; it is higher where the picture is.
inline constexpr int panel_width = 138, panel_height = 236;

/// Draws the panel into what lies right of column `x`.
void draw_panel(Image& canvas, int x, int dot, const LiveView& view);

} // namespace mien::cli
