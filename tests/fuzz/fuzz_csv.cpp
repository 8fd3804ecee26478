// SPDX-License-Identifier: Apache-2.0
// read_csv, through a file as it is used.
#include "mien/data/read_dataset.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/support/pictures.hpp"
#include "tests/support/temp_folder.hpp"

#include <cstdlib>
#include <fstream>

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
  static const TempFolder folder;
  const auto path = folder / "input.csv";
  std::filesystem::remove(path); // ext4 flushes a file that is emptied and written again, but not a new one
  std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(input.data()), std::ssize(input));
  ReadOptions options;
  options.classes = options.csv_classes = {"angry", "happy"};
  const auto [data, report] = open_data(path, DataPart::all, options);
  if (data.pixels.size() != data.size() * 48 * 48 || data.names.size() != data.size()) std::abort();
}

} // namespace mien::test
