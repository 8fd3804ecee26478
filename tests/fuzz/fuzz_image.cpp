// SPDX-License-Identifier: Apache-2.0
// decode_image, and what is done with a picture after it.
#include "lib/io/picture_bytes.hpp"
#include "lib/io/stb.hpp"
#include "mien/data/preprocessing.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/support/exif.hpp"

#include <cstdlib>

namespace mien::test {

std::vector<std::string> seeds() {
  return {jpeg_16x8,
          jpeg_with_exif(jpeg_16x8, exif_data(6, true)),
          png_grey_alpha_2x1,
          png_with_exif(png_colour_5x3, exif_data(3, false)),
          bmp(noise(5, 3, 3)),
          pgm(9, 4),
          "P6 2 1 1000\nabcdefghijkl"};
}

void try_input(std::span<const std::byte> input) {
  stb::Header header;
  constexpr std::int64_t most = 1 << 20; // a header may honestly announce more, but then an input takes seconds
  if (!picture_problem(input) && stb::read_header(input, header) && std::int64_t{header.width} * header.height > most)
    return;
  const Image image = decode_image(input, "input");
  const auto count = std::int64_t{image.width} * image.height * image.channels;
  if (count <= 0 || count != std::ssize(image.pixels)) std::abort();
  if (to_input_bytes(image, {}).pixels.size() != 48 * 48) std::abort();
}

} // namespace mien::test
