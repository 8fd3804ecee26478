// SPDX-License-Identifier: Apache-2.0
// Any bytes are a Y4M stream that gives its whole frames, or an Error.
#include "lib/capture/video_stream.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/memory_source.hpp"

namespace mien::test {

std::vector<std::string> seeds() {
  return {
      "YUV4MPEG2 W4 H3 F30000:1001 Ip A1:1 C420jpeg XYSCSS=420JPEG\nFRAME\nabcdefghijklmnopFRAME Ip\nabcdefghijklmnop",
      "YUV4MPEG2 W2 H2 C422 XCOLORRANGE=FULL\nFRAME\nabcdefgh",
      "YUV4MPEG2 W2 H2 F0:0 C444\nFRAME\nabcdefghijkl",
      "YUV4MPEG2 W3 H1 F1:1 Cmono XCOLORRANGE=LIMITED\nFRAME\nabcFRAME\nabcFRAME\nabc",
      "YUV4MPEG2  It W1 W2 H2 F25:1 C420mpeg2 XCOLORRANGE=\nFRAME It XA B\nabcdef", // doubled, empty and foreign words
      "YUV4MPEG2 W2 H2 F9999999999999:1\nFRAME\nabcdefFRAME"};
}

void try_input(std::span<const std::byte> input) {
  for (const bool grey : {false, true}) read_all(*open_y4m(memory_input(input), "input", grey), input.size());
}

} // namespace mien::test
