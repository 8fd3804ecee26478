// SPDX-License-Identifier: Apache-2.0
// One name, whatever yields the frames.
#pragma once

#include "mien/capture/camera.hpp"
#include "mien/capture/frame_source.hpp"

#include <filesystem>
#include <memory>

namespace mien {

/// Opens what a person names: nothing (the first camera), a device (a camera), a folder (its pictures), `-` (a video on
/// standard input) or any other file (a video).
///
/// Of the settings, `device` is taken from the name, and `grey` counts for all. Throws Error as Camera, PictureFolder
/// and VideoReader do.
[[nodiscard]] std::unique_ptr<FrameSource> open_source(const std::filesystem::path& name, CameraSettings settings = {});

} // namespace mien
