// SPDX-License-Identifier: Apache-2.0
// Labelled pictures, all of one size: in memory, or left in a packed file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace mien {

class PackedPictures;

/// Pictures of one size with their labels; pixels stay bytes, so that FER2013 takes 66 MB.
///
/// They are in the three arrays, or, where `packed` is set, in a mapped file, and the arrays are empty. The functions
/// read both; a copy of packed data costs nothing. Throws Error, where a function reads a packed picture that is
/// damaged.
struct Dataset {
  std::vector<std::string> classes; ///< names, in the order that labels count
  int height = 0;
  int width = 0;
  int channels = 1;
  std::vector<std::uint8_t> pixels; ///< size() * height * width * channels, NHWC
  std::vector<std::int32_t> labels; ///< an index into `classes` for every picture
  std::vector<std::string> names;   ///< where every picture came from: a path, or file:row
  /// size() * classes.size() shares that sum to 1 a picture, where a training is to learn those instead of the labels.
  std::vector<float> targets{};
  std::shared_ptr<const PackedPictures> packed{};

  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] std::size_t picture_bytes() const noexcept {
    return static_cast<std::size_t>(height) * static_cast<std::size_t>(width) * static_cast<std::size_t>(channels);
  }
  /// The pixels of one picture, valid as long as this or a copy of it.
  [[nodiscard]] std::span<const std::uint8_t> picture(std::size_t i) const;
  [[nodiscard]] std::int32_t label(std::size_t i) const;
  /// The shares that a picture is learnt by; empty where there are no `targets`.
  [[nodiscard]] std::span<const float> target(std::size_t i) const;
  /// Where a picture came from; empty if that is not known.
  [[nodiscard]] std::string name(std::size_t i) const;
  /// How many pictures each class has.
  [[nodiscard]] std::vector<std::size_t> counts() const;
  /// The pictures with these indices, in this order. Packed pictures are not copied: four bytes each are kept.
  [[nodiscard]] Dataset subset(std::span<const std::size_t> indices) const;
};

} // namespace mien
