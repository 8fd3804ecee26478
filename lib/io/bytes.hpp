// SPDX-License-Identifier: Apache-2.0
// Numbers in a file's bytes; past its end there are zeros, so that nothing is ever read outside it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace mien {

using Bytes = std::span<const std::byte>;

inline std::uint32_t byte_at(Bytes bytes, std::size_t i) noexcept {
  return i < bytes.size() ? std::to_integer<std::uint32_t>(bytes[i]) : 0;
}
inline std::uint32_t big16(Bytes bytes, std::size_t i) noexcept {
  return byte_at(bytes, i) << 8 | byte_at(bytes, i + 1);
}
inline std::uint32_t big32(Bytes bytes, std::size_t i) noexcept { return big16(bytes, i) << 16 | big16(bytes, i + 2); }
inline std::uint32_t little16(Bytes bytes, std::size_t i) noexcept {
  return byte_at(bytes, i) | byte_at(bytes, i + 1) << 8;
}
inline std::uint32_t little32(Bytes bytes, std::size_t i) noexcept {
  return little16(bytes, i) | little16(bytes, i + 2) << 16;
}

/// What stands from `begin` on, `size` bytes of it or as many as there are.
inline Bytes piece(Bytes bytes, std::size_t begin, std::size_t size) noexcept {
  if (begin > bytes.size()) return {};
  const auto rest = bytes.subspan(begin);
  return rest.first(size < rest.size() ? size : rest.size());
}

} // namespace mien
