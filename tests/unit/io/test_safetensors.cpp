// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/io/digest.hpp"
#include "mien/io/safetensors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <numeric>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mien;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using mien::test::TempFolder;

namespace {

Safetensors example() {
  Safetensors file;
  file.metadata = {{"who", "a \"quoted\" n\u00e4me\n"}, {"empty", ""}};
  Tensor bytes(Shape{3}, DType::u8);
  std::iota(bytes.view<std::uint8_t>().begin(), bytes.view<std::uint8_t>().end(), std::uint8_t{250});
  Tensor floats(Shape{2, 3});
  std::iota(floats.view<float>().begin(), floats.view<float>().end(), -1.5f);
  Tensor counts(Shape{2}, DType::i32);
  counts.view<std::int32_t>()[1] = -7;
  file.tensors = {{"face", bytes},    {"dense/kernel", floats},         {"dense/bias", converted(floats, DType::bf16)},
                  {"counts", counts}, {"nothing", Tensor(Shape{0, 4})}, {"scalar", Tensor(Shape{})}};
  return file;
}

std::vector<std::byte> to_bytes(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

/// A file with this header, its right length in front and `data` bytes behind it.
std::vector<std::byte> with_header(std::string_view header, std::size_t data = 0) {
  std::string text(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) text[i] = static_cast<char>(header.size() >> (8 * i) & 255);
  return to_bytes(text + std::string(header) + std::string(data, '\1'));
}

std::string refusal(std::span<const std::byte> bytes) {
  try {
    (void)parse_safetensors(bytes, "a.safetensors");
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

} // namespace

TEST_CASE("safetensors: what is written is read again, whatever the order it stood in") {
  const Safetensors file = example();
  const auto bytes = safetensors_bytes(file);
  const auto back = parse_safetensors(bytes, "memory");
  CHECK(back.metadata == file.metadata);
  CHECK(back.sealed);
  REQUIRE(back.tensors.size() == file.tensors.size());
  for (const auto& [name, tensor] : file.tensors) {
    REQUIRE(back.find(name) != nullptr);
    CHECK(*back.find(name) == tensor);
  }
  CHECK(back.find("absent") == nullptr);

  auto shuffled = file;
  std::ranges::reverse(shuffled.tensors);
  CHECK(safetensors_bytes(shuffled) == bytes);
  CHECK(safetensors_bytes(back) == bytes);

  Safetensors empty;
  CHECK(parse_safetensors(safetensors_bytes(empty), "memory").tensors.empty());
  empty.sealed = false;
  CHECK_FALSE(parse_safetensors(safetensors_bytes(empty), "memory").sealed);
}

TEST_CASE("safetensors: the data begin at a multiple of 8 and every tensor at one of its element size") {
  auto file = example();
  for (int i = 0; i < 8; ++i) {
    file.metadata["filler"] += 'x';
    const auto bytes = safetensors_bytes(file);
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), 8);
    CHECK((8 + length) % 8 == 0);
    std::size_t place = 0;
    for (const auto& [name, tensor] : parse_safetensors(bytes, "memory").tensors) {
      CHECK(place % size_of(tensor.dtype()) == 0);
      place += tensor.bytes().size();
    }
  }
}

TEST_CASE("safetensors: the digest stands at byte 35 and is that of the file with noughts in its place") {
  auto bytes = safetensors_bytes(example());
  const std::string claimed(reinterpret_cast<const char*>(bytes.data()) + 35, 32);
  std::ranges::fill(std::span(bytes).subspan(35, 32), std::byte{'0'});
  CHECK(digest(bytes) == claimed);
}

TEST_CASE("safetensors: a changed bit anywhere is refused or breaks the seal") {
  const auto bytes = safetensors_bytes(example());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      auto changed = bytes;
      changed[i] ^= std::byte(1u << bit);
      try {
        const auto read = parse_safetensors(changed, "a");
        INFO("byte " << i << ", bit " << bit);
        CHECK_FALSE(read.sealed); // the key "digest" itself was hit
        CHECK(read.metadata.size() == example().metadata.size() + 1);
      } catch (const Error& error) {
        CHECK_THAT(error.what(), StartsWith("a: "));
      }
    }
  }
  CHECK_THAT(refusal([&] {
               auto changed = bytes;
               changed.back() ^= std::byte{1};
               return changed;
             }()),
             Contains("damaged: its digest should be"));
}

TEST_CASE("safetensors: a file cut short at any length, or with anything behind it, is refused") {
  auto bytes = safetensors_bytes(example());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    INFO(length);
    CHECK_THAT(refusal(std::span(bytes).first(length)), StartsWith("a.safetensors: ") && !Contains("damaged"));
  }
  bytes.push_back(std::byte{0});
  CHECK_THAT(refusal(bytes), Contains("something else follows"));
}

TEST_CASE("safetensors: hostile headers get a sentence each") {
  struct Case {
    std::string header;
    std::size_t data;
    std::string sentence;
  };
  const auto tensor = [](std::string type, std::string shape, std::string offsets) {
    return R"({"w":{"dtype":")" + type + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
  };
  const Case cases[] = {
      {"", 0, "no valid JSON at byte 1"},
      {"{", 0, "no valid JSON at byte 2"},
      {"{} {}", 0, "no valid JSON at byte 4"},
      {"[]", 0, "not a JSON object"},
      {"7", 0, "not a JSON object"},
      {R"({"\xff":1})", 0, "no valid JSON"},
      {"{\"\xff\":1}", 0, "no valid JSON"},
      {std::string(100'000, '['), 0, "nested more than 16 deep"},
      {R"({"w":1e999})", 0, "beyond all bounds"},
      {R"({"w":{},"w":{}})", 0, R"("w" stands twice)"},
      {R"({"w":{"dtype":"F32","dtype":"U8"}})", 0, R"("dtype" stands twice)"},
      {R"({"__metadata__":[]})", 0, "__metadata__ must be an object"},
      {R"({"__metadata__":{"a":1}})", 0, "'a' is none"},
      {R"({"w":null})", 0, "must be described by"},
      {R"({"w":{"dtype":"F32","shape":[1]}})", 4, "must be described by"},
      {R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":0}})", 4, "nothing else"},
      {tensor("F32", "1", "[0,4]"), 4, "must be described by"},
      {tensor("F32", "[1]", "[0]"), 4, "must be described by"},
      {tensor("F64", "[1]", "[0,8]"), 8, "tensor 'w' has dtype 'F64'"},
      {tensor("F32", "[-1]", "[0,4]"), 4, "has the extent -1"},
      {tensor("F32", "[1.0]", "[0,4]"), 4, "has the extent 1.0"},
      {tensor("F32", "[18446744073709551615]", "[0,4]"), 4, "has the extent 18446744073709551615"},
      {tensor("F32", "[4294967296,4294967296]", "[0,0]"), 0, "more elements than memory"},
      {tensor("F32", "[1152921504606846975]", "[0,4]"), 4, "more elements than memory"},
      {tensor("F32", "[0,1152921504606846975,1152921504606846975]", "[0,0]"), 0, "more elements than memory"},
      {tensor("F32", "[1,1,1,1,1,1,1]", "[0,4]"), 4, "at most 6 are possible"},
      {tensor("F32", "[1]", "[4,0]"), 4, "two rising byte counts"},
      {tensor("F32", "[1]", "[-4,0]"), 4, "two rising byte counts"},
      {tensor("F32", "[2]", "[0,4]"), 4, "has 4 bytes, its shape 2 of F32 needs 8"},
      {tensor("F32", "[100000000000]", "[0,400000000000]"), 4, "the file is cut short"},
      {tensor("F32", "[1]", "[4,8]"), 8, "neither holes nor overlaps"},
      {tensor("F32", "[1]", "[0,4]"), 5, "something else follows"},
      {R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
       3, "tensor 'b' begins at byte 1"},
      {R"({"__metadata__":{"digest":""}})", 0, "damaged"},
      {R"({"__metadata__":{"digest":"00000000000000000000000000000000"}})", 0, "damaged"},
  };
  for (const auto& c : cases) {
    INFO(c.header.substr(0, 100));
    CHECK_THAT(refusal(with_header(c.header, c.data)), StartsWith("a.safetensors: ") && Contains(c.sentence));
  }
  auto huge = with_header("{}");
  std::ranges::fill(std::span(huge).first(8), std::byte{255});
  CHECK_THAT(refusal(huge), Contains("its header would have 18446744073709551615 bytes"));
}

TEST_CASE("safetensors: files of other tools are read: header not padded, no metadata, tensors in any order") {
  const auto file = parse_safetensors(with_header(R"({"b":{"shape":[2],"data_offsets":[1,3],"dtype":"U8"},)"
                                                  R"("a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
                                                  3),
                                      "x");
  CHECK_FALSE(file.sealed);
  REQUIRE(file.tensors.size() == 2);
  CHECK(file.tensors[0].first == "a");
  CHECK(file.tensors[1].second.shape() == Shape{2});
}

TEST_CASE("safetensors: what cannot be written is refused") {
  Safetensors file;
  file.tensors = {{"w", Tensor(Shape{1})}, {"w", Tensor(Shape{1})}};
  CHECK_THROWS_WITH(safetensors_bytes(file), Contains("'w' is reserved or used twice"));
  file.tensors = {{"__metadata__", Tensor(Shape{1})}};
  CHECK_THROWS_WITH(safetensors_bytes(file), Contains("reserved"));
  file.tensors = {{"\xff", Tensor(Shape{1})}};
  CHECK_THROWS_WITH(safetensors_bytes(file), Contains("not UTF-8"));
  file.tensors.clear();
  file.metadata = {{"digest", "mine"}};
  CHECK_THROWS_WITH(safetensors_bytes(file), Contains("reserved"));
  file.metadata = {{"long", std::string(17u << 20, 'x')}};
  CHECK_THROWS_WITH(safetensors_bytes(file), Contains("shorten the metadata"));
}

TEST_CASE("safetensors: on disk as in memory, and errors name the file") {
  const TempFolder folder;
  const auto path = folder / "a.safetensors";
  CHECK_THROWS_WITH(read_safetensors(path), StartsWith(path.string()) && Contains("No such file"));
  CHECK_THROWS_WITH(read_safetensors(folder.path()), Contains("a folder"));
  write_safetensors(path, example());
  const auto back = read_safetensors(path);
  CHECK(safetensors_bytes(back) == safetensors_bytes(example()));

  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
  CHECK_THROWS_WITH(read_safetensors(path), StartsWith(path.string()) && Contains("cut short"));
}

TEST_CASE("safetensors: a write that fails leaves the old file") {
  const TempFolder folder;
  const auto path = folder / "a.safetensors";
  write_safetensors(path, example());
  Safetensors larger = example();
  larger.tensors.emplace_back("large", Tensor(Shape{100'000}));
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) { // a process that may write no more than 4 kB to a file: its disk is full
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{4096, 4096};
    setrlimit(RLIMIT_FSIZE, &limit);
    try {
      write_safetensors(path, larger);
      _exit(1);
    } catch (const Error&) {
      _exit(2);
    }
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 2));
  CHECK(safetensors_bytes(read_safetensors(path)) == safetensors_bytes(example()));
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1); // nothing is left beside it
}
