// SPDX-License-Identifier: Apache-2.0
#include "lib/io/picture_bytes.hpp"

#include <cstdint>
#include <cstdlib>

namespace mien {
namespace {

using Bytes = std::span<const std::byte>;

unsigned at(Bytes bytes, std::size_t i) noexcept { return i < bytes.size() ? std::to_integer<unsigned>(bytes[i]) : 0; }
std::uint32_t little16(Bytes bytes, std::size_t i) noexcept { return at(bytes, i) | at(bytes, i + 1) << 8; }
std::uint32_t little32(Bytes bytes, std::size_t i) noexcept {
  return little16(bytes, i) | little16(bytes, i + 2) << 16;
}

/// JPEG: the end marker FF D9 must follow the first scan; inside a scan an FF is always followed by 00 or a restart.
bool jpeg_is_cut_short(Bytes bytes) noexcept {
  std::size_t i = 2;
  while (i + 4 <= bytes.size()) { // segments before the scan; a thumbnail in one has an end marker of its own
    if (at(bytes, i) != 0xff || at(bytes, i + 1) == 0xff) {
      ++i;
      continue;
    }
    const bool scan = at(bytes, i + 1) == 0xda;
    i += 2 + (at(bytes, i + 2) << 8 | at(bytes, i + 3));
    if (scan) break;
  }
  for (; i + 2 <= bytes.size(); ++i) {
    if (at(bytes, i) == 0xff && at(bytes, i + 1) == 0xd9) return false;
  }
  return true;
}

/// BMP: rows are padded to four bytes. Source: BITMAPFILEHEADER and BITMAPINFOHEADER in Microsoft's documentation.
bool bmp_is_cut_short(Bytes bytes) noexcept {
  const bool core = little32(bytes, 14) == 12; // the OS/2 header has 16-bit extents
  const auto width = core ? little16(bytes, 18) : little32(bytes, 18);
  const auto height = core ? little16(bytes, 20) : little32(bytes, 22);
  const auto bits = core ? little16(bytes, 24) : little16(bytes, 28);
  const auto rows = static_cast<std::uint64_t>(std::llabs(static_cast<std::int32_t>(height)));
  const auto row_bytes = (std::uint64_t{width & 0x7fffffffu} * bits + 31) / 32 * 4;
  const std::uint64_t begin = little32(bytes, 10);
  return begin > bytes.size() || (row_bytes > 0 && rows > (bytes.size() - begin) / row_bytes);
}

} // namespace

bool is_cut_short(Bytes bytes) noexcept {
  if (at(bytes, 0) == 0xff && at(bytes, 1) == 0xd8) return jpeg_is_cut_short(bytes);
  if (at(bytes, 0) == 'B' && at(bytes, 1) == 'M') return bmp_is_cut_short(bytes);
  return false;
}

} // namespace mien
