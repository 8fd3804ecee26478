// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/io/safetensors.hpp"
#include "mien/nn/model_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/tiny_model.hpp"

#include <cstdlib>
#include <numeric>
#include <sys/wait.h>

using namespace mien;
using Catch::Matchers::Contains;

TEST_CASE("safetensors: Python's package reads our files, and we read its") {
  const test::TempFolder folder;
  Safetensors ours;
  ours.metadata = {{"who", "a \"quoted\" n\u00e4me\n"}};
  Tensor floats(Shape{2, 3});
  std::iota(floats.view<float>().begin(), floats.view<float>().end(), -1.5f);
  Tensor bytes(Shape{3}, DType::u8);
  std::iota(bytes.view<std::uint8_t>().begin(), bytes.view<std::uint8_t>().end(), std::uint8_t{250});
  Tensor counts(Shape{2}, DType::i32);
  counts.view<std::int32_t>()[1] = -7;
  ours.tensors = {{"floats", floats},
                  {"bytes", bytes},
                  {"counts", counts},
                  {"halves", converted(floats, DType::bf16)},
                  {"nothing", Tensor(Shape{0, 4})}};
  write_safetensors(folder / "ours.safetensors", ours);
  save_model(folder / "model.safetensors", test::tiny_model());

  const auto command = std::string("'" MIEN_PYTHON "' tests/unit/nn/interchange.py '") + folder.path().string() + "'";
  const int status = std::system(command.c_str());
  if (WIFEXITED(status) && WEXITSTATUS(status) == 77) return; // it has said SKIPPED
  REQUIRE(status == 0);

  const auto theirs = read_safetensors(folder / "theirs.safetensors");
  CHECK(theirs.metadata.at("note") == "gr\u00fc\u00dfe");
  CHECK_FALSE(theirs.sealed);
  REQUIRE(theirs.find("grey"));
  CHECK(theirs.find("grey")->shape() == Shape{3, 4});
  CHECK(theirs.find("grey")->view<std::uint8_t>()[11] == 11);
  CHECK(theirs.find("kernel")->view<float>()[1] == -0.5f);
  CHECK(theirs.find("count")->shape() == Shape{});
  CHECK(theirs.find("count")->view<std::int32_t>()[0] == -3);

  CHECK_THROWS_WITH(load_model(folder / "stale.safetensors"), Contains("damaged") && Contains("without 'digest'"));
  CHECK(load_model(folder / "copied.safetensors").notes.size() == 1);
  const auto edited = load_model(folder / "edited.safetensors");
  CHECK(edited.notes.size() == 2);
  CHECK(edited.model.parameters().back().value.view<float>()[1] == 0.5f);
}
