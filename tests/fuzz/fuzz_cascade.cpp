// SPDX-License-Identifier: Apache-2.0
// Any bytes are a cascade, as XML or as a table, that can be evaluated at a picture's corners, or an Error.
#include "lib/vision/cascade_table.hpp"
#include "mien/vision/cascade.hpp"
#include "mien/vision/cascade_detector.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/support/cascades.hpp"
#include "tests/support/pictures.hpp"

#include <cstdlib>

namespace mien::test {

std::vector<std::string> seeds() {
  // A table with one stump, as tests/unit/vision/test_named_cascades.cpp explains it.
  std::string table("miencas1"
                    "\0\0\0\0"
                    "\6\0\0\0"
                    "\6\0\0\0"
                    "\1\0\0\0"
                    "\1\0\0\0"
                    "\1\0\0\0"
                    "\1\0\0\0",
                    36);
  table += std::string("\0\0\0\x3f"
                       "\1\0\0\0"
                       "\1"
                       "\0\xff\0\0"
                       "\0\0\0\0"
                       "\0\0\x80\xbf"
                       "\0\0\x80\x3f",
                       25);
  table += std::string("\0"
                       "\1\1\4\4"
                       "\1\1\4\2"
                       "\0\0\0\0"
                       "\0\0\x80\xbf"
                       "\0\0\0\x40"
                       "\0\0\0\0",
                       25);
  return {haar_xml, lbp_xml, table};
}

void try_input(std::span<const std::byte> input) {
  const std::string_view text(reinterpret_cast<const char*>(input.data()), input.size());
  const auto cascade = text.starts_with("miencas") ? parse_cascade_table(input, "input") : parse_cascade(text, "input");
  // Both edges of a picture that the window just fits into, so that a feature outside is a read out of bounds.
  const auto picture = noise(cascade.width + 1, cascade.height + 1, 1);
  const CascadeDetector detector(cascade, {.scale_factor = 10, .min_neighbors = 0, .min_face = 0});
  for (const auto& found : detector.detect(picture))
    if (found.box.x < 0 || found.box.x + found.box.width > picture.width) std::abort();
}

} // namespace mien::test
