// SPDX-License-Identifier: Apache-2.0
// Which pictures have the bytes of an earlier one.
#pragma once

#include "mien/io/digest.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace mien {

/// For each of n pictures the index of the first one with the same bytes: its own, if it is no copy. `picture(i)` gives
/// bytes.
template <class Picture> std::vector<std::size_t> first_copies(std::size_t n, const Picture& picture) {
  std::vector<std::size_t> first(n);
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> by_digest; // different pictures with one digest: a list
  for (std::size_t i = 0; i < n; ++i) {
    const std::span<const std::uint8_t> bytes = picture(i);
    auto& known = by_digest[digest64(std::as_bytes(bytes))];
    const auto same = std::ranges::find_if(known, [&](std::size_t j) { return std::ranges::equal(bytes, picture(j)); });
    first[i] = same == known.end() ? i : *same;
    if (same == known.end()) known.push_back(i);
  }
  return first;
}

} // namespace mien
