// SPDX-License-Identifier: Apache-2.0
// Small videos for tests, made from nothing.
#pragma once

#include "mien/capture/video_reader.hpp"
#include "mien/capture/video_writer.hpp"
#include "tests/support/files.hpp"
#include "tests/support/pictures.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace mien::test {

/// Gentle colours that move from frame to frame.
inline Image gradient(int width, int height, int frame, int channels = 3) {
  Image picture{width, height, channels, {}};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < channels; ++c) {
        const int wave = (120 * x / width + 40 * y / height * c + 8 * frame) % 200;
        picture.pixels.push_back(static_cast<std::uint8_t>(80 + std::abs(wave - 100)));
      }
  return picture;
}

/// The bytes of a video with these pictures, as VideoWriter writes it under such a name.
inline std::string video_text(const std::filesystem::path& path, const std::vector<Image>& pictures,
                              FrameRate rate = {25, 1}) {
  VideoWriter writer(path, rate);
  for (const auto& picture : pictures) writer.write(picture);
  writer.finish();
  return file_text(path);
}

/// All frames that a source gives up to its end.
inline std::vector<Frame> all_frames(FrameSource& source) {
  std::vector<Frame> frames;
  for (Frame frame; source.next(frame) == Next::frame;) frames.push_back(frame);
  return frames;
}

/// The mean difference between two pictures' bytes.
inline double mean_difference(const Image& a, const Image& b) {
  if (a.width != b.width || a.height != b.height || a.channels != b.channels) return 255;
  double sum = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) sum += std::abs(a.pixels[i] - b.pixels[i]);
  return sum / static_cast<double>(a.pixels.size());
}

} // namespace mien::test
