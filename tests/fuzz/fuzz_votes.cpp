// SPDX-License-Identifier: Apache-2.0
// read_votes, through a file as it is used.
#include "mien/data/votes.hpp"
#include "mien/emotion/labels.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/input_file.hpp"

#include <cstdlib>

namespace mien::test {

std::vector<std::string> seeds() {
  return {"Usage,Image name,neutral,happiness,NF\nTraining,a.png,4,5,1\nTraining,,0,10,0\n",
          "\xef\xbb\xbfImage name, sadness,\"anger\"\r\n\"a.png\",1,2\r\n\r\n"};
}

void try_input(std::span<const std::byte> input) {
  const auto path = input_file(input, "votes.csv");
  const auto votes = read_votes(path, fer_plus_names);
  if (votes.counts.size() != votes.pictures.size() * votes.names.size()) std::abort();
  Dataset data;
  data.classes = {"neutral", "sad"};
  data.pixels = {1};
  data.height = data.width = 1;
  data.labels = {0};
  data.names = {"a.png"};
  (void)rate(votes, data);
}

} // namespace mien::test
