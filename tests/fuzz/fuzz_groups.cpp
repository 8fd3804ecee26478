// SPDX-License-Identifier: Apache-2.0
// read_groups, through a file as it is used.
#include "mien/train/groups.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/support/temp_folder.hpp"

#include <cstdlib>
#include <fstream>

namespace mien::test {

std::vector<std::string> seeds() {
  return {"name,group\na.png,old\nhappy/b.png,young\n", "\xef\xbb\xbf group , age,\"name\"\r\nx,7,\"c,d\"\r\n\r\n"};
}

void try_input(std::span<const std::byte> input) {
  static const TempFolder folder;
  const auto path = folder / "groups.csv";
  std::filesystem::remove(path); // ext4 flushes a file that is emptied and written again, but not a new one
  std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(input.data()), std::ssize(input));
  for (const auto& [name, group] : read_groups(path))
    if (name.empty() || group.empty()) std::abort();
}

} // namespace mien::test
