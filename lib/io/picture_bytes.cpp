// SPDX-License-Identifier: Apache-2.0
#include "lib/io/picture_bytes.hpp"

#include "lib/io/jpeg_segments.hpp"
#include "lib/io/png_chunks.hpp"

#include <cstdlib>

namespace mien {
namespace {

constexpr const char* cut_short = "ends before its last pixel; copy or download it again";
constexpr const char* damaged = "has more than 8 Huffman tables or one with more than 256 codes; it is damaged";
constexpr int most_scans = 500; // a progressive file has ten; each takes as long as a picture
constexpr const char* too_many_scans = "has more than 500 scans; it is damaged, or made to keep its reader busy";

/// True for a segment that no encoder writes: at most 8 tables have at most 256 codes. For more codes stb_image 2.27
/// writes out of bounds.
bool has_bad_table(Bytes bytes, std::size_t i) noexcept {
  auto left = static_cast<int>(big16(bytes, i)) - 2;
  i += 2;
  for (int tables = 1; left > 0 && i < bytes.size(); ++tables) {
    unsigned codes = 0;
    for (std::size_t length = 1; length <= 16; ++length) codes += byte_at(bytes, i + length);
    if (codes > 256 || tables > 8) return true;
    i += 17 + codes;
    left -= static_cast<int>(17 + codes);
  }
  return false;
}

/// JPEG: Huffman tables must be sound, scans not too many, and the end marker must follow a scan.
const char* jpeg_problem(Bytes bytes) noexcept {
  const char* problem = cut_short;
  int scans = 0;
  for_jpeg_segments(bytes, [&](std::uint32_t marker, std::size_t place) {
    if (marker == jpeg_tables && has_bad_table(bytes, place)) problem = damaged;
    if (marker == jpeg_scan && ++scans > most_scans) problem = too_many_scans;
    if (marker == jpeg_end && scans > 0) problem = nullptr;
    return problem == cut_short;
  });
  return problem;
}

/// PNG: whole chunks up to the last one. stb_image takes memory for what a chunk claims to hold.
const char* png_problem(Bytes bytes) noexcept {
  bool ends = false;
  for_png_chunks(bytes, [&](std::uint32_t name, Bytes) {
    ends = name == png_end;
    return !ends;
  });
  return ends ? nullptr : cut_short;
}

/// The fewest bits that a PNG file's pixels take: compression makes 258 bytes of 2 bits at best, which is 1032 to 1.
/// Source: RFC 1951, 3.2.5; PNG's header has the bits of a sample and the kind of colour.
std::uint64_t least_png_bits(Bytes bytes, std::uint64_t pixels) noexcept {
  constexpr std::uint64_t samples[] = {1, 0, 3, 1, 2, 0, 4, 0};
  return pixels * byte_at(bytes, 24) * samples[byte_at(bytes, 25) & 7] / 1032;
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
  if (byte_at(bytes, 0) == 0xff) return jpeg_problem(bytes);
  if (byte_at(bytes, 0) == 'B' && byte_at(bytes, 1) == 'M') return bmp_problem(bytes);
  if (byte_at(bytes, 0) == 0x89) return png_problem(bytes);
  return nullptr;
}

bool holds(Bytes bytes, std::int64_t width, std::int64_t height) noexcept {
  const auto pixels = static_cast<std::uint64_t>(width * height);
  std::uint64_t bits = 0;
  if (byte_at(bytes, 0) == 0xff) bits = pixels / 64; // JPEG codes 8 x 8 pixels in one bit at least
  if (byte_at(bytes, 0) == 0x89) bits = least_png_bits(bytes, pixels);
  return bits <= bytes.size() * 8;
}

} // namespace mien
