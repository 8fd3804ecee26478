// SPDX-License-Identifier: Apache-2.0
// The few kinds of protocol buffer fields that TensorBoard's events need.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mien {

/// A number's bytes, the lowest first.
template <class Unsigned> std::string little_endian(Unsigned value) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof(value); ++i) bytes += static_cast<char>(value >> 8 * i & 255);
  return bytes;
}

/// A message under construction: fields in the order of the calls.
///
/// Source: protobuf.dev/programming-guides/encoding.
class Message {
public:
  Message& integer(std::uint32_t field, std::uint64_t value) { return key(field, 0).varint(value); }
  Message& real(std::uint32_t field, double value) {
    key(field, 1).bytes_ += little_endian(std::bit_cast<std::uint64_t>(value));
    return *this;
  }
  Message& real(std::uint32_t field, float value) {
    key(field, 5).bytes_ += little_endian(std::bit_cast<std::uint32_t>(value));
    return *this;
  }
  Message& text(std::uint32_t field, std::string_view value) {
    key(field, 2).varint(value.size()).bytes_ += value;
    return *this;
  }
  Message& message(std::uint32_t field, const Message& value) { return text(field, value.bytes_); }
  [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }

private:
  Message& key(std::uint32_t field, std::uint32_t kind) { return varint(field << 3 | kind); }
  Message& varint(std::uint64_t value) {
    for (; value > 127; value >>= 7) bytes_ += static_cast<char>((value & 127) | 128);
    bytes_ += static_cast<char>(value);
    return *this;
  }

  std::string bytes_;
};

} // namespace mien
