// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/io/mapped_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pictures.hpp"
#include "tests/support/temp_folder.hpp"

#include <algorithm>
#include <utility>

using namespace mien;
using namespace mien::test;
using Catch::Contains;

TEST_CASE("mapped file: shows a file's bytes, also after it was replaced or removed") {
  const TempFolder folder;
  const auto path = folder / "a";
  write_atomically(path, "first");
  MappedFile first(path);
  first.will_read(1, 100);
  first.will_read(100, 1);
  const auto is = [](const MappedFile& file, std::string_view text) {
    return std::ranges::equal(file.bytes(), bytes_of(text));
  };
  CHECK(is(first, "first"));
  write_atomically(path, "another");
  CHECK(is(first, "first"));
  CHECK(is(MappedFile(path), "another"));
  std::filesystem::remove(path);
  const MappedFile moved = std::move(first);
  CHECK(is(moved, "first"));

  write_atomically(path, "");
  CHECK(MappedFile(path).bytes().empty());
  CHECK_THROWS_WITH(MappedFile(folder / "none"), Contains("cannot be read: No such file") && Contains("spelling"));
  CHECK_THROWS_WITH(MappedFile(folder.path()), Contains("give the path of a file"));
  CHECK_THROWS_WITH(MappedFile("/dev/null"), Contains("no pipe or device"));
}

TEST_CASE("atomic file: pieces become a file at the end, or nothing") {
  const TempFolder folder;
  const auto path = folder / "a";
  const auto files = [&] { return std::distance(std::filesystem::directory_iterator(folder.path()), {}); };
  const std::vector<std::byte> large(1'000'000, std::byte{7});
  {
    AtomicFile file(path);
    file.write(bytes_of("lost"));
    CHECK_FALSE(std::filesystem::exists(path));
  }
  CHECK(files() == 0);
  {
    AtomicFile file(path);
    file.write(bytes_of("begin "));
    file.write(large);
    file.write(bytes_of(" end"));
    CHECK(file.size() == large.size() + 10);
    file.write_at(2, bytes_of("GI"));
    std::vector<std::byte> back(7);
    file.read_at(0, back);
    CHECK(std::ranges::equal(back, bytes_of("beGIn \7")));
    CHECK_THROWS_WITH(file.read_at(large.size() + 9, back), Contains("cannot be read"));
    file.commit(Flush::later);
  }
  CHECK(files() == 1);
  const auto bytes = read_file(path);
  CHECK(bytes.size() == large.size() + 10);
  CHECK(std::ranges::equal(std::span(bytes).last(4), bytes_of(" end")));
  CHECK_THROWS_WITH(AtomicFile("/dev/null"), Contains("no pipe or device"));
  CHECK_THROWS_WITH(AtomicFile(folder.path()), Contains("give the path of a file"));
}
