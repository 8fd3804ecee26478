// SPDX-License-Identifier: Apache-2.0
// The pictures of a packed file, all or some of them, as a Dataset shows them.
#pragma once

#include "mien/data/dataset.hpp"
#include "mien/data/packed_file.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mien {

/// Some of the numbers below n, in rising order, in n / 7 bytes: a bit for each, and how many came before every 512th.
class Selection {
public:
  /// Those that are wanted; each is asked about once, in order.
  Selection(std::size_t n, const std::function<bool(std::size_t)>& wanted);
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool contains(std::size_t number) const noexcept { return words_[number / 64] >> number % 64 & 1; }
  /// The i-th number: a binary search among the counts, then at most 512 bits.
  [[nodiscard]] std::size_t operator[](std::size_t i) const noexcept;

private:
  std::vector<std::uint64_t> words_;
  std::vector<std::uint32_t> before_; // how many lie before each eight words
  std::size_t size_ = 0;
};

/// Which records of a packed file a dataset shows. Immutable; pixels are never copied.
class PackedPictures {
public:
  /// All of them.
  explicit PackedPictures(std::shared_ptr<const PackedFile> file);

  [[nodiscard]] const PackedFile& file() const noexcept { return *file_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t record(std::size_t i) const noexcept;
  [[nodiscard]] std::span<const std::uint8_t> picture(std::size_t i) const { return file_->picture(record(i)); }
  [[nodiscard]] std::int32_t label(std::size_t i) const { return file_->entry(record(i)).label; }
  [[nodiscard]] std::string name(std::size_t i) const { return file_->name(record(i)); }
  [[nodiscard]] const std::string& fingerprint() const noexcept { return fingerprint_; }
  /// The pictures with these indices, in this order: four bytes each.
  [[nodiscard]] PackedPictures subset(std::span<const std::size_t> indices) const;

  /// The two sides of the cut that split() in split.hpp describes. Throws Error if the pictures are a subset().
  struct Sides;
  [[nodiscard]] Sides split(double fraction, std::uint64_t seed) const;

private:
  PackedPictures part(Selection selection, const std::string& what) const;

  std::shared_ptr<const PackedFile> file_;
  std::optional<Selection> selection_; // where neither this nor the list is there: all
  std::optional<std::vector<std::uint32_t>> list_;
  std::size_t size_;
  std::string fingerprint_;
};

struct PackedPictures::Sides {
  PackedPictures kept, held;
};

/// A packed file as a dataset: opened and checked, not read. Throws Error as PackedFile does.
[[nodiscard]] Dataset open_packed(const std::filesystem::path& path);

} // namespace mien
