// SPDX-License-Identifier: Apache-2.0
#include "mien/data/dataset.hpp"

namespace mien {

std::vector<std::size_t> Dataset::counts() const {
  std::vector<std::size_t> counts(classes.size());
  for (const auto label : labels) ++counts.at(static_cast<std::size_t>(label));
  return counts;
}

Dataset Dataset::subset(std::span<const std::size_t> indices) const {
  Dataset part{classes, height, width, channels, {}, {}, {}};
  part.pixels.reserve(indices.size() * picture_bytes());
  part.labels.reserve(indices.size());
  part.names.reserve(names.empty() ? 0 : indices.size());
  for (const auto i : indices) {
    const auto pixels_of_i = picture(i);
    part.pixels.insert(part.pixels.end(), pixels_of_i.begin(), pixels_of_i.end());
    part.labels.push_back(labels[i]);
    if (!names.empty()) part.names.push_back(names[i]);
  }
  return part;
}

} // namespace mien
