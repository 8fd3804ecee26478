// SPDX-License-Identifier: Apache-2.0
// Any bytes are a frame of motion JPEG, or there is a reason why not.
#include "lib/capture/motion_jpeg.hpp"
#include "lib/io/stb.hpp"
#include "mien/core/error.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/support/pictures.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/videos.hpp"

#include <cstdlib>

namespace mien::test {

std::vector<std::string> seeds() {
  const TempFolder folder;
  write_picture(folder / "a.jpg", gradient(16, 8, 0));
  const auto jpeg = file_text(folder / "a.jpg");
  const auto begin = jpeg.find("\xff\xc4");
  const auto size = static_cast<std::uint8_t>(jpeg[begin + 2]) * 256u + static_cast<std::uint8_t>(jpeg[begin + 3]);
  return {jpeg_16x8, jpeg, jpeg.substr(0, begin) + jpeg.substr(begin + 2 + size)};
}

void try_input(std::span<const std::byte> input) {
  MotionJpeg decoder;
  for (const bool grey : {false, true}) {
    Image picture;
    // A camera's frame has the camera's size; a header that announces more is no frame of it.
    if (decoder.decode(picture, input, 16, 8, grey) != nullptr) throw Error("no frame");
    expect_whole(picture, "frame");
    if (picture.width != 16 || picture.height != 8 || (grey && picture.channels != 1)) std::abort();
  }
}

} // namespace mien::test
