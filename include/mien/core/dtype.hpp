// SPDX-License-Identifier: Apache-2.0
// The element types that a tensor can hold.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mien {

/// A float whose low 16 bits are dropped: 8 bits of exponent, 7 of fraction (bfloat16).
struct bf16 {
  std::uint16_t bits = 0;

  bf16() = default;
  /// Rounds to nearest, ties to even; a NaN stays a (quiet) NaN.
  explicit bf16(float value) noexcept {
    const auto u = std::bit_cast<std::uint32_t>(value);
    const bool is_nan = (u & 0x7fffffffu) > 0x7f800000u;
    bits = static_cast<std::uint16_t>(is_nan ? (u >> 16) | 0x40u : (u + 0x7fffu + ((u >> 16) & 1u)) >> 16);
  }
  explicit operator float() const noexcept { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }
  friend bool operator==(const bf16&, const bf16&) = default;
};

enum class DType : std::uint8_t { f32, bf16, u8, i32 };

[[nodiscard]] constexpr std::size_t size_of(DType dtype) noexcept {
  switch (dtype) {
  case DType::f32:
  case DType::i32: return 4;
  case DType::bf16: return 2;
  case DType::u8: return 1;
  }
  return 0;
}

[[nodiscard]] constexpr std::string_view name_of(DType dtype) noexcept {
  switch (dtype) {
  case DType::f32: return "f32";
  case DType::bf16: return "bf16";
  case DType::u8: return "u8";
  case DType::i32: return "i32";
  }
  return "?";
}

/// The DType of a C++ type: `dtype_of<float> == DType::f32`.
template <class T> inline constexpr DType dtype_of = DType::f32;
template <> inline constexpr DType dtype_of<bf16> = DType::bf16;
template <> inline constexpr DType dtype_of<std::uint8_t> = DType::u8;
template <> inline constexpr DType dtype_of<std::int32_t> = DType::i32;

template <class T>
concept Element =
    std::same_as<T, float> || std::same_as<T, bf16> || std::same_as<T, std::uint8_t> || std::same_as<T, std::int32_t>;

} // namespace mien
