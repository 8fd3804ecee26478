// SPDX-License-Identifier: Apache-2.0
#include "mien/data/dataset.hpp"

#include "mien/data/packed_pictures.hpp"

namespace mien {

std::size_t Dataset::size() const noexcept { return packed ? packed->size() : labels.size(); }

std::span<const std::uint8_t> Dataset::picture(std::size_t i) const {
  return packed ? packed->picture(i) : std::span(pixels).subspan(i * picture_bytes(), picture_bytes());
}

std::int32_t Dataset::label(std::size_t i) const { return packed ? packed->label(i) : labels[i]; }

std::span<const float> Dataset::target(std::size_t i) const {
  if (targets.empty()) return {};
  return std::span(targets).subspan(i * classes.size(), classes.size());
}

std::string Dataset::name(std::size_t i) const {
  return packed ? packed->name(i) : i < names.size() ? names[i] : std::string();
}

std::vector<std::size_t> Dataset::counts() const {
  std::vector<std::size_t> counts(classes.size());
  for (std::size_t i = 0; i < size(); ++i) ++counts.at(static_cast<std::size_t>(label(i)));
  return counts;
}

Dataset Dataset::subset(std::span<const std::size_t> indices) const {
  Dataset part{classes, height, width, channels, {}, {}, {}, {}};
  if (packed) {
    part.packed = std::make_shared<const PackedPictures>(packed->subset(indices));
    return part;
  }
  part.pixels.reserve(indices.size() * picture_bytes());
  part.labels.reserve(indices.size());
  part.names.reserve(names.empty() ? 0 : indices.size());
  for (const auto i : indices) {
    const auto pixels_of_i = picture(i);
    part.pixels.insert(part.pixels.end(), pixels_of_i.begin(), pixels_of_i.end());
    part.labels.push_back(labels[i]);
    if (!names.empty()) part.names.push_back(names[i]);
    const auto target_of_i = target(i);
    part.targets.insert(part.targets.end(), target_of_i.begin(), target_of_i.end());
  }
  return part;
}

} // namespace mien
