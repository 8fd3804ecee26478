// SPDX-License-Identifier: Apache-2.0
// The figures of several trainings side by side, and how far they lie apart.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mien::cli {

/// What a table has of every training.
struct RunColumn {
  std::string name;  ///< in JSON, as a fraction
  std::string title; ///< in text
  double scale = 1;  ///< from the one to the other
  int decimals = 3;
};

/// A table of trainings: one row each.
struct RunTable {
  std::string kind; ///< seed or fold
  std::vector<RunColumn> columns;
  struct Row {
    std::uint64_t number;
    std::vector<double> figures; ///< one a column
  };
  std::vector<Row> rows{};
};

/// How numbers lie: their mean, the deviation of a sample (n - 1 below the fraction; 0 of a single one), their ends.
struct Spread {
  double mean = 0, deviation = 0, lowest = 0, highest = 0;
};
/// Throws Error if there is no number.
[[nodiscard]] Spread spread_of(std::span<const double> numbers);

/// A row a training, then mean, deviation, lowest and highest.
[[nodiscard]] std::string run_table_text(const RunTable& table);
/// {"runs": [{KIND, "folder", figures by name}], "spread": {name: {"mean", "deviation", "lowest", "highest"}}}
[[nodiscard]] std::string run_table_json(const RunTable& table);

} // namespace mien::cli
