// SPDX-License-Identifier: Apache-2.0
// read_groups, through a file as it is used.
#include "mien/train/groups.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/input_file.hpp"

#include <cstdlib>

namespace mien::test {

std::vector<std::string> seeds() {
  return {"name,group\na.png,old\nhappy/b.png,young\n", "\xef\xbb\xbf group , age,\"name\"\r\nx,7,\"c,d\"\r\n\r\n"};
}

void try_input(std::span<const std::byte> input) {
  const auto path = input_file(input, "groups.csv");
  for (const auto& [name, group] : read_groups(path))
    if (name.empty() || group.empty()) std::abort();
}

} // namespace mien::test
