// SPDX-License-Identifier: Apache-2.0
#include "mien/io/output_folder.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

#include <fstream>

using namespace mien;
using Catch::Contains;
namespace fs = std::filesystem;

TEST_CASE("an output folder is new or empty, or anything with force; but a folder") {
  const test::TempFolder scratch;
  CHECK_NOTHROW(expect_output_folder(scratch / "new", false));
  CHECK_NOTHROW(expect_output_folder(scratch.path(), false));
  std::ofstream(scratch / "file") << "text";
  CHECK_THROWS_WITH(expect_output_folder(scratch.path(), false), Contains("holds files already; name a new or empty"));
  CHECK_NOTHROW(expect_output_folder(scratch.path(), true));
  CHECK_THROWS_WITH(expect_output_folder(scratch / "file", true), Contains("is not a folder"));
  CHECK_FALSE(fs::exists(scratch / "new"));
}

TEST_CASE("folders are made with those that they lie in, or a sentence says why not") {
  const test::TempFolder scratch;
  make_folder(scratch / "a" / "b");
  make_folder(scratch / "a" / "b");
  CHECK(fs::is_directory(scratch / "a" / "b"));
  std::ofstream(scratch / "file") << "text";
  CHECK_THROWS_WITH(make_folder(scratch / "file" / "c"),
                    Contains("cannot make the folder " + (scratch / "file" / "c").string()));
}
