// SPDX-License-Identifier: Apache-2.0
// Says when each frame of a camera, a video or a folder was taken: frames [SOURCE]
#include <mien/mien.hpp>

#include <iostream>

int main(int argc, char** argv) try {
  const auto source = mien::open_source(argc > 1 ? argv[1] : ""); // without a name: the first camera
  std::cerr << source->info().name << '\n';
  for (mien::Frame frame;;) {
    switch (source->next(frame)) {
    case mien::Next::frame:
      std::cout << frame.number << ' ' << frame.time << ' ' << frame.picture.width << 'x' << frame.picture.height
                << std::endl;
      break;
    case mien::Next::late: std::cerr << "no frame came in time\n"; break;
    case mien::Next::gone: std::cerr << source->note() << '\n'; break;
    case mien::Next::end: std::cerr << source->note() << '\n'; return 0;
    }
  }
} catch (const std::exception& error) {
  std::cerr << "error: " << error.what() << '\n';
  return 1;
}
