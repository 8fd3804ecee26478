// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/emotion/generated_faces.hpp"
#include "mien/emotion/labels.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

#include <algorithm>
#include <fstream>

using namespace mien;
namespace fs = std::filesystem;

namespace {

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::count_if(fs::recursive_directory_iterator(folder), {},
                                                [](const auto& entry) { return entry.is_regular_file(); }));
}

} // namespace

TEST_CASE("generated folder: train and test hold the seven folders with numbered faces, none of them in both") {
  const test::TempFolder scratch;
  std::size_t calls = 0, last = 0, expected = 0;
  generate_faces(scratch / "data", {.per_class = 5, .seed = 3, .size = 24},
                 [&](std::size_t done, std::size_t total) { ++calls, last = done, expected = total; });
  CHECK(calls == 42);
  CHECK(last == 42);
  CHECK(expected == 42);
  CHECK(files_in(scratch.path()) == 42);
  for (std::size_t expression = 0; expression < expression_names.size(); ++expression) {
    const fs::path train = scratch / "data" / "train" / expression_names[expression];
    const fs::path test = scratch / "data" / "test" / expression_names[expression];
    CHECK(files_in(train) == 5);
    CHECK(files_in(test) == 1);
    CHECK(read_image(train / "00004.png") == draw_face(expression, 3, 4, 24));
    CHECK(read_image(test / "00000.png") == draw_face(expression, 3, first_test_index, 24));
  }
}

TEST_CASE("generated folder: a folder that holds something is left alone unless force is said") {
  const test::TempFolder scratch;
  std::ofstream(scratch / "mine.txt") << "mine";
  CHECK_THROWS_WITH(generate_faces(scratch.path(), {.per_class = 1}),
                    Catch::Contains("holds files already; name a new or empty folder"));
  CHECK(files_in(scratch.path()) == 1);
  generate_faces(scratch.path(), {.per_class = 1, .size = 16, .force = true});
  CHECK(files_in(scratch.path()) == 15);
  CHECK(fs::exists(scratch / "mine.txt"));
}

TEST_CASE("generated folder: wrong options are refused before anything is written") {
  const test::TempFolder scratch;
  CHECK_THROWS_AS(generate_faces(scratch / "a", {.per_class = 0}), Error);
  CHECK_THROWS_AS(generate_faces(scratch / "a", {.size = 8}), Error);
  std::ofstream(scratch / "file") << "a file";
  CHECK_THROWS_WITH(generate_faces(scratch / "file", {}), Catch::Contains("is not a folder"));
  CHECK(files_in(scratch.path()) == 1);
  CHECK_FALSE(fs::exists(scratch / "a"));
}
