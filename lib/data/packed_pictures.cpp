// SPDX-License-Identifier: Apache-2.0
#include "mien/data/packed_pictures.hpp"

#include "mien/core/error.hpp"
#include "mien/core/rng.hpp"
#include "mien/io/digest.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace mien {

Selection::Selection(std::size_t n, const std::function<bool(std::size_t)>& wanted) : words_((n + 63) / 64) {
  for (std::size_t i = 0; i < n; ++i) {
    if (i % 512 == 0) before_.push_back(static_cast<std::uint32_t>(size_));
    if (!wanted(i)) continue;
    words_[i / 64] |= std::uint64_t{1} << i % 64;
    ++size_;
  }
}

std::size_t Selection::operator[](std::size_t i) const noexcept {
  const auto group = std::upper_bound(before_.begin(), before_.end(), i) - before_.begin() - 1;
  auto left = i - before_[static_cast<std::size_t>(group)];
  auto word = static_cast<std::size_t>(group) * 8;
  for (;; ++word) {
    const auto here = static_cast<std::size_t>(std::popcount(words_[word]));
    if (left < here) break;
    left -= here;
  }
  auto bits = words_[word];
  for (; left > 0; --left) bits &= bits - 1; // takes the lowest away
  return word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
}

PackedPictures::PackedPictures(std::shared_ptr<const PackedFile> file)
    : file_(std::move(file)), size_(file_->size()), fingerprint_(file_->header().fingerprint) {}

std::size_t PackedPictures::record(std::size_t i) const noexcept {
  return selection_ ? (*selection_)[i] : list_ ? (*list_)[i] : i;
}

PackedPictures PackedPictures::part(Selection selection, const std::string& what) const {
  auto part = *this;
  part.size_ = selection.size();
  part.selection_ = std::move(selection);
  const auto text = fingerprint_ + ": " + what;
  part.fingerprint_ = digest(std::as_bytes(std::span(text)));
  return part;
}

PackedPictures PackedPictures::subset(std::span<const std::size_t> indices) const {
  auto part = *this;
  part.selection_.reset();
  part.list_.emplace();
  part.list_->reserve(indices.size());
  for (const auto i : indices) part.list_->push_back(static_cast<std::uint32_t>(record(i)));
  part.size_ = indices.size();
  Digest digest;
  digest.update(std::as_bytes(std::span(file_->header().fingerprint))).update(std::as_bytes(std::span(*part.list_)));
  part.fingerprint_ = digest.hex();
  return part;
}

PackedPictures::Sides PackedPictures::split(double fraction, std::uint64_t seed) const {
  if (list_) throw Error("split: these pictures were picked one by one out of a packed file; split them before that");
  file_->will_read_entries();
  const auto all = file_->size();
  const auto is_ours = [&](std::size_t record) { return !selection_ || selection_->contains(record); };
  const auto draw = [&](std::size_t record) { // equal for copies, and else independent
    const auto digest = file_->entry(record).digest;
    Rng rng(seed, Purpose::split, static_cast<std::uint32_t>(digest), static_cast<std::uint32_t>(digest >> 32));
    const auto high = rng.bits();
    return std::uint64_t{high} << 32 | rng.bits();
  };
  auto below = static_cast<std::uint64_t>(std::ldexp(fraction, 64));
  auto lowest = ~std::uint64_t{0}, highest = std::uint64_t{0};
  const auto look = [&](std::size_t record) {
    const auto drawn = draw(record);
    lowest = std::min(lowest, drawn), highest = std::max(highest, drawn);
    return drawn < below;
  };
  Selection held(all, [&](std::size_t record) { return is_ours(record) && look(record); });
  if (lowest < highest && (held.size() == 0 || held.size() == size_)) { // few pictures: neither side may be empty
    below = held.size() == 0 ? lowest + 1 : highest;
    held = Selection(all, [&](std::size_t record) { return is_ours(record) && draw(record) < below; });
  }
  Selection kept(all, [&](std::size_t record) { return is_ours(record) && !held.contains(record); });
  const auto cut = concat(" by ", below, " of seed ", seed);
  return {part(std::move(kept), "kept" + cut), part(std::move(held), "held" + cut)};
}

Dataset open_packed(const std::filesystem::path& path) {
  auto file = std::make_shared<const PackedFile>(path);
  const auto& header = file->header();
  return {.classes = header.classes,
          .height = header.height,
          .width = header.width,
          .channels = header.channels,
          .pixels = {},
          .labels = {},
          .names = {},
          .packed = std::make_shared<const PackedPictures>(std::move(file))};
}

} // namespace mien
