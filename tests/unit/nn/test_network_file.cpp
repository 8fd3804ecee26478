// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/nn/network_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

using namespace mien;
using namespace mien::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

TEST_CASE("A network is built from the JSON text of its architecture") {
  const TempFolder folder;
  write_atomically(folder / "net.json", R"({"input": [8, 8, 1], "layers": [
    {"type": "Flatten", "name": "flatten", "settings": {}},
    {"type": "Dense", "name": "out", "settings": {"units": 3}}]})");
  const auto network = read_network(folder / "net.json", 4);
  CHECK(network.input_shape() == Shape{8, 8, 1});
  CHECK(network.output_shape() == Shape{3});
  CHECK(network.parameter_count() == 8 * 8 * 3 + 3);
  CHECK(network.parameters()[0].name == "out/kernel");
  CHECK_FALSE(network.parameters()[0] == read_network(folder / "net.json", 5).parameters()[0]);
}

TEST_CASE("A network file that cannot be used is named") {
  const TempFolder folder;
  const auto path = folder / "net.json";
  CHECK_THROWS_WITH(read_network(path), Contains(path.string()));
  write_atomically(path, R"({"input": [8, 8, 1], "layers": [{"type": "Dance", "name": "a", "settings": {}}]})");
  CHECK_THROWS_WITH(read_network(path), StartsWith(path.string()) && Contains("Dance"));
}
