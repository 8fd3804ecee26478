// SPDX-License-Identifier: Apache-2.0
// What a file's name says about it.
#pragma once

#include <filesystem>
#include <string>

namespace mien {

/// The extension of a file's name, A to Z made small: `.jpg` of A.JPG; empty if there is none.
[[nodiscard]] std::string small_extension(const std::filesystem::path& path);

/// Whether a name ends as that of a picture which read_image() may read: .png .jpg .jpeg .bmp .pgm .ppm .pnm.
[[nodiscard]] bool looks_like_a_picture(const std::filesystem::path& path);

/// Whether a file's name ends as that of a video: .y4m .avi .mp4 .mov .mkv .webm and others.
[[nodiscard]] bool looks_like_a_video(const std::filesystem::path& path);

} // namespace mien
