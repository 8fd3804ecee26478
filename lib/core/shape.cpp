// SPDX-License-Identifier: Apache-2.0
#include "mien/core/shape.hpp"

#include "mien/core/error.hpp"

#include <limits>
#include <ostream>

namespace mien {

Shape::Shape(std::initializer_list<std::int64_t> extents) : Shape(std::span(extents.begin(), extents.size())) {}

Shape::Shape(std::span<const std::int64_t> extents) : rank_(extents.size()) {
  if (rank_ > max_rank) {
    throw Error(concat("shape: ", rank_, " extents given, at most ", max_rank, " are possible"));
  }
  constexpr auto most = std::numeric_limits<std::int64_t>::max() / 16; // in elements: a product that fits in bytes too
  std::int64_t product = 1;
  for (std::size_t axis = 0; axis < rank_; ++axis) {
    const auto extent = extents[axis];
    if (extent < 0) throw Error(concat("shape: extent ", axis, " is ", extent, ", it must not be negative"));
    if (extent > 0 && product > most / extent) throw Error("shape: more elements than memory can address");
    if (extent > 0) product *= extent;
    extents_[axis] = extent;
  }
}

std::int64_t Shape::operator[](std::size_t axis) const {
  if (axis >= rank_) throw Error(concat("shape: axis ", axis, " asked of ", to_string()));
  return extents_[axis];
}

std::int64_t Shape::size() const noexcept {
  std::int64_t product = 1;
  for (const auto extent : extents()) product *= extent;
  return product;
}

Shape Shape::batched(std::int64_t n) const {
  if (rank_ == max_rank) throw Error(concat("shape: ", to_string(), " has no room for a batch extent"));
  std::array<std::int64_t, max_rank> extents{n};
  for (std::size_t axis = 0; axis < rank_; ++axis) extents[axis + 1] = extents_[axis];
  return Shape(std::span(extents.data(), rank_ + 1));
}

Shape Shape::unbatched() const {
  if (rank_ == 0) throw Error("shape: a scalar has no batch extent to take away");
  return Shape(extents().subspan(1));
}

std::string Shape::to_string() const {
  std::string text;
  for (const auto extent : extents()) text += (text.empty() ? "" : "x") + std::to_string(extent);
  return text.empty() ? "scalar" : text;
}

std::ostream& operator<<(std::ostream& out, const Shape& shape) { return out << shape.to_string(); }

} // namespace mien
