// SPDX-License-Identifier: Apache-2.0
// Any bytes have one of the eight orientations.
#include "lib/io/exif.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/support/exif.hpp"

#include <cstdlib>

namespace mien::test {

std::vector<std::string> seeds() {
  std::vector<std::string> all;
  for (const bool big : {false, true}) {
    all.push_back(jpeg_with_exif("\xff\xd8\xff\xda", exif_data(6, big)));
    all.push_back(png_with_exif(png_colour_5x3.substr(0, 33), exif_data(8, big)));
  }
  return all;
}

void try_input(std::span<const std::byte> input) {
  const int orientation = exif_orientation(input);
  if (orientation < 1 || orientation > 8) std::abort();
}

} // namespace mien::test
