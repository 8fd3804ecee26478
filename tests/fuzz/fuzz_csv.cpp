// SPDX-License-Identifier: Apache-2.0
// read_csv, through a file as it is used.
#include "mien/data/read_dataset.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/input_file.hpp"
#include "tests/support/pictures.hpp"

#include <cstdlib>

namespace mien::test {

std::vector<std::string> seeds() {
  std::string face;
  for (const auto pixel : noise(48, 48, 1).pixels) face += std::to_string(pixel) + " ";
  return {"emotion,pixels,Usage\n0," + face + ",Training\n1," + face + ",PublicTest\n",
          "\xef\xbb\xbf"
          "emotion, Usage, pixels\r\n1,Training,\"" +
              face + "\"\r\n",
          "pixels,emotion\n" + face + ",0\n"};
}

void try_input(std::span<const std::byte> input) {
  const auto path = input_file(input, "input.csv");
  ReadOptions options;
  options.classes = options.csv_classes = {"angry", "happy"};
  const auto [data, report] = open_data(path, DataPart::all, options);
  if (data.pixels.size() != data.size() * 48 * 48 || data.names.size() != data.size()) std::abort();
}

} // namespace mien::test
