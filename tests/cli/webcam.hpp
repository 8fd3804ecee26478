// SPDX-License-Identifier: Apache-2.0
// Runs `mien webcam` before cameras that are not there.
#pragma once

#include "mien/capture/video_writer.hpp"
#include "mien/emotion/generated_scenes.hpp"
#include "tests/cli/fixture.hpp"
#include "tests/cli/run.hpp"

#include <algorithm>
#include <fstream>
#include <string>

namespace mien::test {

/// Variables for a command under the fake driver. Sanitizers want to be loaded first; that they are not does no harm.
inline std::string fake_driver() {
  return "LD_PRELOAD='" MIEN_FAKE_V4L2 "' ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 ";
}

/// `mien webcam --headless` with the fixture's model.
inline std::string headless() { return "\"$MIEN\" webcam --headless --model '" + fixture().model + "' "; }

/// The same before a fake camera.
inline Ran before_camera(int number, const std::string& options) {
  return shell(fake_driver() + headless() + options + " /dev/video" + std::to_string(number));
}

/// What camera 60 of the fake driver sees, if FAKE_V4L2_SCENE names `write_scene`'s file.
inline const Image& scene() {
  static const Image picture = draw_scene(1, 2).picture;
  return picture;
}

inline void write_scene(const std::filesystem::path& path) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(scene().pixels.data()), static_cast<std::streamsize>(scene().pixels.size()));
}

/// A video of the scene, moved a little to the right from frame to frame.
inline void write_clip(const std::filesystem::path& path, int frames) {
  VideoWriter writer(path, {25, 1});
  for (int i = 0; i < frames; ++i) {
    Image picture = scene();
    for (std::size_t row = 0; row < picture.pixels.size(); row += static_cast<std::size_t>(picture.width)) {
      const auto begin = picture.pixels.begin() + static_cast<std::ptrdiff_t>(row);
      std::rotate(begin, begin + picture.width - i, begin + picture.width);
    }
    writer.write(picture);
  }
  writer.finish();
}

} // namespace mien::test
