// SPDX-License-Identifier: Apache-2.0
// A generated clip as a video, with the truth about it beside it.
#pragma once

#include "tools/cli.hpp"

#include "mien/emotion/generated_clips.hpp"

#include <filesystem>
#include <string>

namespace mien::cli {

/// Where a clip is written: as `folder`/clip.`format` and `folder`/clip.json.
struct ClipFiles {
  std::filesystem::path folder;
  std::string format = "y4m"; ///< or avi
  bool force = false;         ///< write into a folder that holds something
};

/// Draws a clip and writes it: both files, or after Ctrl-C or a failure none. Returns the exit code.
[[nodiscard]] int write_clip(const ClipFiles& files, const ClipOptions& options, const Common& common);

} // namespace mien::cli
