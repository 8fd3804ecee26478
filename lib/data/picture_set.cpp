// SPDX-License-Identifier: Apache-2.0
#include "mien/data/picture_set.hpp"

#include "mien/core/error.hpp"
#include "mien/io/digest.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mien {
namespace {

std::uint32_t short_digest(std::span<const std::uint8_t> picture) noexcept {
  return static_cast<std::uint32_t>(digest64(std::as_bytes(picture)));
}

} // namespace

PictureSet::PictureSet(const Dataset& data) {
  digests_.reserve(data.size());
  for (std::size_t i = 0; i < data.size(); ++i) digests_.push_back(short_digest(data.picture(i)));
  std::ranges::sort(digests_);
  digests_.erase(std::unique(digests_.begin(), digests_.end()), digests_.end());
}

PictureSet::PictureSet(std::vector<std::uint32_t> values) : digests_(std::move(values)) {
  if (std::ranges::adjacent_find(digests_, std::greater_equal<>()) != digests_.end())
    throw Error("picture set: its digests have to rise, each of them once");
}

void PictureSet::add(const PictureSet& other) {
  std::vector<std::uint32_t> both;
  std::ranges::set_union(digests_, other.digests_, std::back_inserter(both));
  digests_ = std::move(both);
}

bool PictureSet::contains(std::span<const std::uint8_t> picture) const noexcept {
  return std::ranges::binary_search(digests_, short_digest(picture));
}

} // namespace mien
