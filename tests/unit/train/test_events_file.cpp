// SPDX-License-Identifier: Apache-2.0
#include "lib/io/base64.hpp"
#include "lib/io/crc32c.hpp"
#include "mien/core/error.hpp"
#include "mien/io/atomic_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/train/sample_events.hpp"

#include <array>
#include <sys/stat.h>

using namespace mien;

namespace {

std::string text_of(const std::filesystem::path& path) {
  const auto bytes = read_file(path);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

ino_t file_number(const std::filesystem::path& path) {
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_ino;
}

} // namespace

TEST_CASE("crc32c: the vectors of RFC 3720") {
  CHECK(crc32c("123456789") == 0xE3069283u);
  CHECK(crc32c(std::string(32, '\0')) == 0x8A9136AAu);
  CHECK(crc32c(std::string(32, '\xff')) == 0x62A8AB43u);
  CHECK(crc32c("") == 0);
}

TEST_CASE("base64: the vectors of RFC 4648") {
  const auto encoded = [](std::string_view text) { return base64(std::as_bytes(std::span(text))); };
  CHECK(encoded("") == "");
  CHECK(encoded("f") == "Zg==");
  CHECK(encoded("fo") == "Zm8=");
  CHECK(encoded("foobar") == "Zm9vYmFy");
  CHECK(encoded("\xff\xfe\xfd") == "//79");
}

TEST_CASE("events: the first record is the one that TensorBoard itself writes") {
  // tensorboard 2.21: RecordWriter.write(Event(wall_time=1.5, step=0, file_version="brain.Event:2"))
  const std::array<unsigned char, 40> known = {0x18, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xa3, 0x7f,
                                               0x4b, 0x22, 0x09, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf8,
                                               0x3f, 0x1a, 0x0d, 0x62, 0x72, 0x61, 0x69, 0x6e, 0x2e, 0x45,
                                               0x76, 0x65, 0x6e, 0x74, 0x3a, 0x32, 0x2a, 0x28, 0x64, 0x6c};
  const auto bytes = events({}, {.started = 1.5});
  CHECK(bytes == std::string(known.begin(), known.end()));
}

TEST_CASE("events: the bytes of fewer epochs begin those of more") {
  const auto rows = test::three_epochs();
  const auto all = events(rows, test::noted);
  CHECK(all == events(rows, test::noted));
  for (std::size_t n = 0; n < 3; ++n) CHECK(all.starts_with(events(std::span(rows).first(n), test::noted)));
  CHECK_THROWS_WITH(events(rows, {.augmented = {2, 2, 1, {1}}}), Catch::Contains("no whole picture"));
}

TEST_CASE("write_events adds what is new in place, and cuts what is too much") {
  const test::TempFolder folder;
  const auto path = folder / events_file_name;
  const auto rows = test::three_epochs();
  const auto some = std::span(rows).first(2);
  write_events(path, {}, test::noted);
  const auto file = file_number(path);
  write_events(path, some, {.started = 5, .settings = test::noted.settings, .augmented = test::noted.augmented});
  CHECK(text_of(path) == events(some, test::noted)); // the time it began with is kept
  write_events(path, rows, test::noted);
  write_events(path, rows, test::noted);
  CHECK(text_of(path) == events(rows, test::noted));
  CHECK(file_number(path) == file); // the same file all along

  write_events(path, some, {.started = 5, .settings = test::noted.settings, .augmented = test::noted.augmented});
  CHECK(text_of(path) == events(some, test::noted));

  SECTION("half a record, as a killed program leaves it, is completed") {
    write_atomically(path, std::string_view(events(rows, test::noted)).substr(0, events(rows, test::noted).size() - 7));
    write_events(path, rows, test::noted);
    CHECK(text_of(path) == events(rows, test::noted));
  }
  SECTION("what is no events file is replaced") {
    write_atomically(path, std::string_view("something else, longer than a record of the version would be"));
    write_events(path, rows, test::noted);
    CHECK(text_of(path) == events(rows, test::noted));
  }
}
