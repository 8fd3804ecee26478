// SPDX-License-Identifier: Apache-2.0
// One line of a CSV with faces.
#pragma once

#include "mien/data/preprocessing.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mien {

inline constexpr int csv_side = 48; ///< faces in a CSV are square and grey
inline constexpr std::size_t csv_pixels = csv_side * csv_side;

/// Which field of a line is which; -1 if there is none.
struct CsvColumns {
  int emotion = -1, pixels = -1, usage = -1;
};

struct CsvRow {
  enum State { blank, other_usage, wanted } state = blank;
  std::string usage;
  std::string problem; ///< why the row cannot be used, if it cannot
  int emotion = -1;
  std::vector<std::uint8_t> pixels; ///< as preprocessing wants them
};

/// Calls `f(index, field)` for the fields of a line, without blanks around them and without quotes, until it returns
/// false. Returns false if a quote is not closed.
bool for_each_field(std::string_view line, const std::function<bool(int, std::string_view)>& f);

/// A first line without the byte order mark that some programs write before it.
[[nodiscard]] std::string_view without_byte_order_mark(std::string_view line);

/// The row that a picture named `file:line` is, counted from 0 below the line with the columns' names; nothing if it
/// has another name.
[[nodiscard]] std::optional<std::size_t> csv_row_of(std::string_view picture);

/// Reads a line; an empty list of usages wants every row.
[[nodiscard]] CsvRow parse_csv_row(std::string_view line, const CsvColumns& columns,
                                   std::span<const std::string> usages, const Preprocessing& preprocessing);

} // namespace mien
