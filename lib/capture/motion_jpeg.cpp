// SPDX-License-Identifier: Apache-2.0
#include "lib/capture/motion_jpeg.hpp"

#include "lib/io/jpeg_segments.hpp"
#include "lib/io/picture_bytes.hpp"
#include "lib/io/stb.hpp"

#include <array>
#include <limits>
#include <string_view>

namespace mien {
namespace {

/// The segment DHT with the tables K.3 (classes 0 and 1 of brightness) to K.6 of colour differences.
constexpr std::string_view usual_tables_hex =
    "ffc401a20000010501010101010100000000000000000102030405060708090a0b100002010303020403050504040000017d01020300"
    "041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a43"
    "4445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7"
    "a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa01000301"
    "01010101010101010000000000000102030405060708090a0b1100020102040403040705040400010277000102031104052131061241"
    "510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a262728292a35363738393a434445464748494a"
    "535455565758595a636465666768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4"
    "b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa";

constexpr auto usual_tables = [] {
  std::array<std::byte, usual_tables_hex.size() / 2> bytes{};
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::byte>(digit(usual_tables_hex[2 * i]) << 4 | digit(usual_tables_hex[2 * i + 1]));
  return bytes;
}();

bool has_tables(Bytes bytes) noexcept {
  bool found = false;
  for_jpeg_segments(bytes, [&](std::uint32_t marker, std::size_t) {
    found = marker == jpeg_tables;
    return !found && marker != jpeg_scan;
  });
  return found;
}

} // namespace

const char* MotionJpeg::decode(Image& picture, Bytes bytes, int width, int height, bool grey) {
  if (bytes.size() > std::numeric_limits<int>::max() || big16(bytes, 0) != 0xffd8) return "is no JPEG";
  if (!has_tables(bytes)) {
    completed_.assign(bytes.begin(), bytes.begin() + 2);
    completed_.insert(completed_.end(), usual_tables.begin(), usual_tables.end());
    completed_.insert(completed_.end(), bytes.begin() + 2, bytes.end());
    bytes = completed_;
  }
  if (const char* problem = picture_problem(bytes)) return problem;
  stb::Header header;
  if (!stb::read_header(bytes, header)) return "is no JPEG of a kind that is read";
  if (width != 0 && (header.width != width || header.height != height)) return "has another size than the stream";
  if (std::int64_t{header.width} * header.height > most_pixels) return "has too many pixels";
  if (!holds(bytes, header.width, header.height)) return "is cut short";
  const auto pixels = stb::decode(bytes, grey ? 1 : 0, header);
  if (!pixels) return "cannot be decoded";
  picture.width = header.width, picture.height = header.height, picture.channels = header.channels;
  const auto count = std::int64_t{header.width} * header.height * header.channels;
  picture.pixels.assign(pixels.get(), pixels.get() + count);
  return nullptr;
}

} // namespace mien
