// SPDX-License-Identifier: Apache-2.0
#include "mien/io/digest.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <string_view>

using namespace mien;

namespace {
std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }
} // namespace

TEST_CASE("digest: the published value of nothing, and what xxhsum -H2 prints") {
  CHECK(digest({}) == "99aa06d3014798d86001c324468d497f");
  CHECK(digest(bytes_of("abc")) == "06b05ab6733a618578af5f94892f3950");
}

TEST_CASE("digest: pieces and copies give the same digits") {
  std::string text(5000, 'q');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i * 7 % 251);
  const auto whole = digest(bytes_of(text));
  for (const std::size_t cut : {0u, 1u, 63u, 64u, 1024u, 4999u}) {
    Digest pieces;
    pieces.update(bytes_of(text).first(cut));
    Digest copy = pieces;
    CHECK(pieces.hex() == digest(bytes_of(text).first(cut))); // asking does not disturb
    CHECK(pieces.update(bytes_of(text).subspan(cut)).hex() == whole);
    CHECK(copy.update(bytes_of(text).subspan(cut)).hex() == whole);
  }
  text[2500] ^= 1;
  CHECK(digest(bytes_of(text)) != whole);
}
