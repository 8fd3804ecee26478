// SPDX-License-Identifier: Apache-2.0
// The extents of a tensor.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <span>
#include <string>

namespace mien {

/// Up to six extents, outermost first: a batch of grey faces is `Shape{64, 48, 48, 1}` (N, H, W, C).
///
/// An empty shape is a scalar: it has one element. Throws Error for a negative extent, more than
/// six extents, or more elements than memory can address.
class Shape {
public:
  static constexpr std::size_t max_rank = 6;

  Shape() = default;
  Shape(std::initializer_list<std::int64_t> extents);
  explicit Shape(std::span<const std::int64_t> extents);

  [[nodiscard]] std::size_t rank() const noexcept { return rank_; }
  [[nodiscard]] std::int64_t operator[](std::size_t axis) const;
  [[nodiscard]] std::span<const std::int64_t> extents() const noexcept { return {extents_.data(), rank_}; }

  /// The number of elements: the product of the extents.
  [[nodiscard]] std::int64_t size() const noexcept;

  /// This shape with one more extent in front: what a batch of `n` such things has.
  [[nodiscard]] Shape batched(std::int64_t n) const;

  /// This shape without its first extent: what one thing of the batch has. Throws Error on a scalar.
  [[nodiscard]] Shape unbatched() const;

  /// `64x48x48x1`; a scalar is `scalar`.
  [[nodiscard]] std::string to_string() const;

  friend bool operator==(const Shape&, const Shape&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Shape& shape);

private:
  std::array<std::int64_t, max_rank> extents_{};
  std::size_t rank_ = 0;
};

} // namespace mien
