// SPDX-License-Identifier: Apache-2.0
#include "mien/capture/open_source.hpp"

#include "mien/capture/picture_folder.hpp"
#include "mien/capture/video_reader.hpp"

namespace mien {
namespace {

/// A camera's name may be one that is not there any more: then Camera knows what to say.
bool is_device(const std::filesystem::path& name) {
  std::error_code ignored;
  return name.string().starts_with("/dev/v") || std::filesystem::is_character_file(name, ignored);
}

} // namespace

std::unique_ptr<FrameSource> open_source(const std::filesystem::path& name, CameraSettings settings) {
  std::error_code ignored;
  settings.device = name;
  if (name.empty() || is_device(name)) return std::make_unique<Camera>(settings);
  if (std::filesystem::is_directory(name, ignored))
    return std::make_unique<PictureFolder>(name, FrameRate{1, 1}, settings.grey);
  return std::make_unique<VideoReader>(name, settings.grey);
}

} // namespace mien
