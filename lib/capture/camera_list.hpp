// SPDX-License-Identifier: Apache-2.0
// Where cameras are looked for.
#pragma once

#include "lib/capture/v4l2_device.hpp"

#include <memory>
#include <string>

namespace mien {

inline constexpr int most_cameras = 64;

/// /dev/video0 and on.
[[nodiscard]] inline std::filesystem::path camera_path(int number) { return "/dev/video" + std::to_string(number); }

/// Opens a camera. Throws NoCamera, with the cameras that are here, or Error.
[[nodiscard]] std::unique_ptr<V4l2Device> open_camera(const std::filesystem::path& path);

/// The first camera that can be opened. Throws Error: what stands in the way of the first that cannot, or that there is
/// none.
[[nodiscard]] std::unique_ptr<V4l2Device> open_first_camera();

} // namespace mien
