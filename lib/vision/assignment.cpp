// SPDX-License-Identifier: Apache-2.0
#include "mien/vision/assignment.hpp"

#include "mien/core/error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mien {
namespace {

constexpr std::size_t nobody = std::numeric_limits<std::size_t>::max();

/// Costs with at most as many rows as columns.
struct Wide {
  std::span<const double> costs;
  std::size_t rows, columns;
  bool transposed;

  [[nodiscard]] double at(std::size_t row, std::size_t column) const {
    return transposed ? costs[column * rows + row] : costs[row * columns + column];
  }
};

/// Gives rows their columns, one row after the other. Every row and column has a price; no pair costs less than its two
/// prices together, and pairs that are made cost just that: which is why no other pairing is cheaper.
class Market {
public:
  explicit Market(const Wide& wide)
      : wide_(wide), row_price_(wide.rows), column_price_(wide.columns), row_of_(wide.columns, nobody) {}

  /// Finds a column for a row by the cheapest path of exchanges that ends at a free one.
  void add(std::size_t row) {
    std::vector<double> distance(wide_.columns, std::numeric_limits<double>::infinity());
    std::vector<std::size_t> before(wide_.columns, nobody); // the column from which one was reached
    std::vector<bool> done(wide_.columns, false);
    std::size_t column = nobody, next = nobody;
    double travelled = 0;
    for (std::size_t here = row;; here = row_of_[column]) {
      for (std::size_t j = 0; j < wide_.columns; ++j) {
        if (done[j]) continue;
        const double to = travelled + wide_.at(here, j) - row_price_[here] - column_price_[j];
        if (to < distance[j]) {
          distance[j] = to;
          before[j] = column;
        }
        if (next == nobody || done[next] || distance[j] < distance[next]) next = j;
      }
      column = next;
      done[column] = true;
      travelled = distance[column];
      if (row_of_[column] == nobody) break;
    }
    row_price_[row] += travelled;
    for (std::size_t j = 0; j < wide_.columns; ++j) {
      if (!done[j] || j == column) continue;
      column_price_[j] -= travelled - distance[j];
      row_price_[row_of_[j]] += travelled - distance[j];
    }
    for (; before[column] != nobody; column = before[column]) row_of_[column] = row_of_[before[column]];
    row_of_[column] = row;
  }

  [[nodiscard]] const std::vector<std::size_t>& rows() const noexcept { return row_of_; }

private:
  Wide wide_;
  std::vector<double> row_price_, column_price_;
  std::vector<std::size_t> row_of_; ///< of each column
};

} // namespace

std::vector<int> assignment(std::span<const double> costs, std::size_t rows, std::size_t columns) {
  if (costs.size() != rows * columns)
    throw Error(concat("assignment: ", costs.size(), " costs for ", rows, " rows and ", columns, " columns"));
  if (!std::ranges::all_of(costs, [](double cost) { return std::isfinite(cost); }))
    throw Error("assignment: a cost is not finite; give pairs that may not be a large one");
  const bool tall = rows > columns;
  const Wide wide{costs, tall ? columns : rows, tall ? rows : columns, tall};
  Market market(wide);
  for (std::size_t row = 0; row < wide.rows; ++row) market.add(row);

  std::vector<int> column_of(rows, -1);
  for (std::size_t j = 0; j < wide.columns; ++j) {
    const auto i = market.rows()[j];
    if (i != nobody) column_of[tall ? j : i] = static_cast<int>(tall ? i : j);
  }
  return column_of;
}

} // namespace mien
