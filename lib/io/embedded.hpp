// SPDX-License-Identifier: Apache-2.0
// Files that are compiled into the library: see cmake/Embed.cmake.
#pragma once

#include <cstddef>
#include <span>

/// Defines `std::span<const std::byte> name()`, the bytes of a file given to mien_embed(name FILE).
#define MIEN_EMBEDDED(name)                                                                                            \
  extern "C" const std::byte mien_embedded_##name##_begin[];                                                           \
  extern "C" const std::byte mien_embedded_##name##_end[];                                                             \
  inline std::span<const std::byte> name() { return {mien_embedded_##name##_begin, mien_embedded_##name##_end}; }
