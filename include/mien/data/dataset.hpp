// SPDX-License-Identifier: Apache-2.0
// Labelled pictures in memory, all of one size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mien {

/// Pictures of one size with their labels; pixels stay bytes, so that FER2013 takes 66 MB.
struct Dataset {
  std::vector<std::string> classes; ///< names, in the order that labels count
  int height = 0;
  int width = 0;
  int channels = 1;
  std::vector<std::uint8_t> pixels; ///< size() * height * width * channels, NHWC
  std::vector<std::int32_t> labels; ///< an index into `classes` for every picture
  std::vector<std::string> names;   ///< where every picture came from: a path, or file:row

  [[nodiscard]] std::size_t size() const noexcept { return labels.size(); }
  [[nodiscard]] std::size_t picture_bytes() const noexcept {
    return static_cast<std::size_t>(height) * static_cast<std::size_t>(width) * static_cast<std::size_t>(channels);
  }
  [[nodiscard]] std::span<const std::uint8_t> picture(std::size_t i) const {
    return std::span(pixels).subspan(i * picture_bytes(), picture_bytes());
  }
  /// How many pictures each class has.
  [[nodiscard]] std::vector<std::size_t> counts() const;
  /// The pictures with these indices, in this order.
  [[nodiscard]] Dataset subset(std::span<const std::size_t> indices) const;
};

} // namespace mien
