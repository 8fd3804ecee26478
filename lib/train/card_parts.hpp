// SPDX-License-Identifier: Apache-2.0
// A model card before it is written in one language or the other.
#pragma once

#include "mien/nn/classifier.hpp"

#include <string>
#include <vector>

namespace mien {

/// Rows of cells; the first row is the heading, whose first cell is empty where the rows are names and values.
using CardTable = std::vector<std::vector<std::string>>;

/// A heading, and below it paragraphs and a table, as plain text.
struct CardPart {
  std::string id, heading;
  std::vector<std::string> paragraphs{};
  CardTable table{};
};

[[nodiscard]] std::vector<CardPart> card_parts(const ModelFile& file);

} // namespace mien
