// SPDX-License-Identifier: Apache-2.0
// What reading and writing of safetensors files agree on.
#pragma once

#include "mien/core/dtype.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace mien::safetensors {

// A sealed file begins with 8 bytes of length, then this, then the 32 digits of the digest.
inline constexpr std::string_view seal = R"({"__metadata__":{"digest":")";
inline constexpr std::size_t digits = 32;
inline constexpr std::uint64_t most_header = 16u << 20;

inline constexpr std::array<std::pair<std::string_view, DType>, 4> dtypes{
    {{"F32", DType::f32}, {"BF16", DType::bf16}, {"U8", DType::u8}, {"I32", DType::i32}}};

} // namespace mien::safetensors
