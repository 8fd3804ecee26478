// SPDX-License-Identifier: Apache-2.0
#include "lib/io/picture_bytes.hpp"

#include <cstdint>
#include <cstdlib>

namespace mien {
namespace {

using Bytes = std::span<const std::byte>;

constexpr const char* cut_short = "ends before its last pixel; copy or download it again";
constexpr const char* damaged = "has more than 8 Huffman tables or one with more than 256 codes; it is damaged";

unsigned at(Bytes bytes, std::size_t i) noexcept { return i < bytes.size() ? std::to_integer<unsigned>(bytes[i]) : 0; }
std::uint32_t big16(Bytes bytes, std::size_t i) noexcept { return at(bytes, i) << 8 | at(bytes, i + 1); }
std::uint32_t little16(Bytes bytes, std::size_t i) noexcept { return at(bytes, i) | at(bytes, i + 1) << 8; }
std::uint32_t little32(Bytes bytes, std::size_t i) noexcept {
  return little16(bytes, i) | little16(bytes, i + 2) << 16;
}

/// True for a segment that no encoder writes: at most 8 tables have at most 256 codes. For more codes stb_image 2.27
/// writes out of bounds.
bool has_bad_table(Bytes bytes, std::size_t i) noexcept {
  auto left = static_cast<int>(big16(bytes, i)) - 2;
  i += 2;
  for (int tables = 1; left > 0 && i < bytes.size(); ++tables) {
    unsigned codes = 0;
    for (std::size_t length = 1; length <= 16; ++length) codes += at(bytes, i + length);
    if (codes > 256 || tables > 8) return true;
    i += 17 + codes;
    left -= static_cast<int>(17 + codes);
  }
  return false;
}

/// JPEG: Huffman tables must be sound, and the end marker FF D9 must follow the first scan. Inside a scan an FF is
/// followed by 00 or a restart, so a marker found there is one.   Source: ITU-T T.81, annex B
const char* jpeg_problem(Bytes bytes) noexcept {
  std::size_t i = 1;
  while (at(bytes, i) == 0xff) ++i;   // any marker may begin with more than one FF, even the first
  for (++i; i + 4 <= bytes.size();) { // segments before the scan; a thumbnail in one has markers of its own
    if (at(bytes, i) != 0xff || at(bytes, i + 1) == 0xff) {
      ++i;
      continue;
    }
    const auto marker = at(bytes, i + 1);
    if (marker == 0xc4 && has_bad_table(bytes, i + 2)) return damaged;
    i += 2 + big16(bytes, i + 2);
    if (marker == 0xda) break;
  }
  bool ends = false;
  for (; i + 2 <= bytes.size(); ++i) {
    if (at(bytes, i) != 0xff) continue;
    ends = ends || at(bytes, i + 1) == 0xd9;
    if (at(bytes, i + 1) == 0xc4 && has_bad_table(bytes, i + 2)) return damaged;
  }
  return ends ? nullptr : cut_short;
}

/// BMP: rows are padded to four bytes. Source: BITMAPFILEHEADER and BITMAPINFOHEADER in Microsoft's documentation.
const char* bmp_problem(Bytes bytes) noexcept {
  const bool core = little32(bytes, 14) == 12; // the OS/2 header has 16-bit extents
  const auto width = core ? little16(bytes, 18) : little32(bytes, 18);
  const auto height = core ? little16(bytes, 20) : little32(bytes, 22);
  const auto bits = core ? little16(bytes, 24) : little16(bytes, 28);
  const auto rows = static_cast<std::uint64_t>(std::llabs(static_cast<std::int32_t>(height)));
  const auto row_bytes = (std::uint64_t{width & 0x7fffffffu} * bits + 31) / 32 * 4;
  const std::uint64_t begin = little32(bytes, 10);
  const bool whole = begin <= bytes.size() && (row_bytes == 0 || rows <= (bytes.size() - begin) / row_bytes);
  return whole ? nullptr : cut_short;
}

} // namespace

const char* picture_problem(Bytes bytes) noexcept {
  if (at(bytes, 0) == 0xff) return jpeg_problem(bytes);
  if (at(bytes, 0) == 'B' && at(bytes, 1) == 'M') return bmp_problem(bytes);
  return nullptr;
}

} // namespace mien
