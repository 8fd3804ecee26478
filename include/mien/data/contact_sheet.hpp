// SPDX-License-Identifier: Apache-2.0
// Many pictures on one, to look at.
#pragma once

#include "mien/data/augment.hpp"
#include "mien/data/dataset.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mien {

/// A line of text above a row of pictures.
struct SheetRow {
  std::string title;
  std::vector<Image> pictures;
};

/// Rows of pictures under their titles on a light ground, every pixel shown as zoom x zoom; grey if all pictures are.
[[nodiscard]] Image contact_sheet(std::span<const SheetRow> rows, int zoom = 2);

/// What training sees in its first epoch: a row a class, `per_class` pictures spread over the class, varied as training
/// with this seed varies them. `data` holds the training pictures in the order that training counts them.
[[nodiscard]] Image preview(const Dataset& data, const Preprocessing& preprocessing, const Augmentation& augmentation,
                            int per_class, std::uint64_t seed);

} // namespace mien
