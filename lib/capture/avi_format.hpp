// SPDX-License-Identifier: Apache-2.0
// The names of an AVI file's parts, as four letters in the order of their bytes.
#pragma once

#include <cstdint>

namespace mien::avi {

consteval std::uint32_t name(const char (&letters)[5]) {
  std::uint32_t value = 0;
  for (int i = 3; i >= 0; --i) value = value << 8 | static_cast<unsigned char>(letters[i]);
  return value;
}

// Lists, and what they are lists of.
inline constexpr auto riff = name("RIFF"), list = name("LIST"), avi = name("AVI "), avix = name("AVIX"),
                      hdrl = name("hdrl"), strl = name("strl"), movi = name("movi"), rec = name("rec "),
                      odml = name("odml");
// Chunks: headers, indices, frames.
inline constexpr auto avih = name("avih"), strh = name("strh"), strf = name("strf"), dmlh = name("dmlh"),
                      indx = name("indx"), ix00 = name("ix00"), idx1 = name("idx1"), video_chunk = name("00dc"),
                      raw_chunk = name("00db");
// Kinds of streams, and how they are coded.
inline constexpr auto vids = name("vids"), mjpg = name("MJPG"), small_mjpg = name("mjpg");

// What an index holds; flags of the header and of the old index.
inline constexpr std::uint32_t index_of_indices = 0, index_of_chunks = 1 << 8, has_index = 0x10, key_frame = 0x10;

} // namespace mien::avi
