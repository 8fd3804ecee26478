// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/io/atomic_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

#include <algorithm>
#include <csignal>
#include <fstream>

#include <sys/resource.h>
#include <unistd.h>

using namespace mien;
namespace fs = std::filesystem;

namespace {

std::string text_of(const fs::path& path) {
  const auto bytes = read_file(path);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

/// A disk that is full after `bytes`, as far as this process can see.
class FileSizeLimit {
public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit tight{bytes, old_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &tight);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, handler_);
  }

private:
  rlimit old_{};
  void (*handler_)(int);
};

} // namespace

TEST_CASE("atomic file: what is written is read back, and nothing else is left in the folder") {
  const test::TempFolder folder;
  write_atomically(folder / "a.txt", "one");
  CHECK(text_of(folder / "a.txt") == "one");
  write_atomically(folder / "a.txt", std::string(100'000, 'x'));
  CHECK(text_of(folder / "a.txt") == std::string(100'000, 'x'));
  write_atomically(folder / "a.txt", "");
  CHECK(text_of(folder / "a.txt").empty());
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("atomic file: a write that fails half way leaves the old file whole and no temporary one") {
  const test::TempFolder folder;
  write_atomically(folder / "model", "the old one");
  {
    const FileSizeLimit limit(1000);
    CHECK_THROWS_WITH(write_atomically(folder / "model", std::string(5000, 'x')),
                      Catch::Contains("model: cannot be written: File too large"));
  }
  CHECK(text_of(folder / "model") == "the old one");
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("atomic file: a full device, a missing folder and a folder are errors that say what to do") {
  const test::TempFolder folder;
  if (fs::exists("/dev/full")) {
    CHECK_THROWS_WITH(write_atomically("/dev/full", "x"),
                      Catch::Contains("No space left on device; free some space") && Catch::Contains("/dev/full"));
    CHECK(fs::is_character_file("/dev/full"));
  }
  CHECK_THROWS_WITH(write_atomically(folder / "no/such/file", "x"), Catch::Contains("check the spelling"));
  CHECK_THROWS_WITH(write_atomically(folder.path(), "x"), Catch::Contains("give the path of a file"));
  CHECK_THROWS_AS(read_file(folder / "none"), Error);
  CHECK_THROWS_WITH(read_file(folder.path()), Catch::Contains("cannot be read: Is a directory"));
}

TEST_CASE("atomic file: a link is followed, not replaced") {
  const test::TempFolder folder;
  write_atomically(folder / "target", "old");
  fs::create_symlink("target", folder / "link");
  write_atomically(folder / "link", "new");
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(text_of(folder / "target") == "new");
}

TEST_CASE("A temporary file that a killed process of the same number left is passed over") {
  const test::TempFolder folder;
  for (int i = 0; i < 1000; ++i) {
    const auto left = folder / (".a.txt." + std::to_string(::getpid()) + "-" + std::to_string(i) + ".tmp");
    std::ofstream(left) << "left";
  }
  write_atomically(folder / "a.txt", "new");
  CHECK(text_of(folder / "a.txt") == "new");
}
