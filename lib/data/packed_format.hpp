// SPDX-License-Identifier: Apache-2.0
// The bytes of a packed file that its reader and its writer must agree on; docs/packed-data.md describes them.
#pragma once

#include "mien/data/packed_file.hpp"
#include "mien/io/digest.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace mien::packed {

inline constexpr std::string_view magic = "mienpack";
inline constexpr std::uint32_t version = 1;
inline constexpr std::size_t prefix_bytes = 24; ///< magic, version, bytes of the JSON, its digest
inline constexpr std::size_t most_json = 1 << 20;
inline constexpr std::size_t entry_bytes = 16; ///< digest, label, check
inline constexpr std::uint64_t alignment = 4096;

inline constexpr std::uint64_t aligned(std::uint64_t offset) noexcept {
  return (offset + alignment - 1) / alignment * alignment;
}

/// A number as the file keeps it, lowest byte first.
template <class T> std::array<std::byte, sizeof(T)> little(T number) noexcept {
  std::array<std::byte, sizeof(T)> bytes;
  for (std::size_t i = 0; i < sizeof(T); ++i) bytes[i] = static_cast<std::byte>(number >> 8 * i & 255);
  return bytes;
}
template <class T> T from_little(std::span<const std::byte> bytes) noexcept {
  T number = 0;
  for (std::size_t i = sizeof(T); i-- > 0;) number = static_cast<T>(number << 8 | std::to_integer<T>(bytes[i]));
  return number;
}

/// An entry's own check: it tells a changed label or digest, and an entry in another's place.
inline std::uint32_t check_of(const PackedEntry& entry, std::size_t record) noexcept {
  std::array<std::byte, 20> bytes;
  const auto digest = little(entry.digest), number = little(static_cast<std::uint64_t>(record));
  const auto label = little(static_cast<std::uint32_t>(entry.label));
  std::memcpy(bytes.data(), digest.data(), 8);
  std::memcpy(bytes.data() + 8, number.data(), 8);
  std::memcpy(bytes.data() + 16, label.data(), 4);
  return static_cast<std::uint32_t>(digest64(bytes));
}

/// Where the sections of a file begin, and where it ends.
struct Sections {
  std::uint64_t pixels, entries, offsets, names, end;
};
inline Sections sections_of(const PackedHeader& header, std::uint64_t json_bytes) noexcept {
  Sections s{};
  s.pixels = prefix_bytes + json_bytes;
  s.entries = aligned(s.pixels + std::uint64_t{header.count} * header.picture_bytes());
  s.offsets = s.entries + std::uint64_t{header.count} * entry_bytes;
  s.names = s.offsets + (std::uint64_t{header.count} + 1) * 8;
  s.end = s.names + header.names_bytes;
  return s;
}

/// The header's JSON, padded with blanks so that the pixels begin on a page.
/// Throws Error if a name is not UTF-8 or the header becomes too large.
[[nodiscard]] std::string header_text(const PackedHeader& header, std::size_t at_least = 0);
/// Throws Error, beginning with `name`, unless this is a header that makes sense.
[[nodiscard]] PackedHeader parse_header(std::string_view json, std::string_view name);

} // namespace mien::packed
