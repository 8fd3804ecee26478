// SPDX-License-Identifier: Apache-2.0
#include "tools/run_table.hpp"

#include "mien/core/error.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace mien::cli {
namespace {

using Json = nlohmann::ordered_json;

std::vector<Spread> spreads(const RunTable& table) {
  std::vector<Spread> all;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    std::vector<double> numbers;
    for (const auto& row : table.rows) numbers.push_back(row.figures[c]);
    all.push_back(spread_of(numbers));
  }
  return all;
}

} // namespace

Spread spread_of(std::span<const double> numbers) {
  if (numbers.empty()) throw Error("spread: there is no number");
  const auto n = static_cast<double>(numbers.size());
  const auto [low, high] = std::ranges::minmax(numbers);
  Spread s{.lowest = low, .highest = high};
  for (const double x : numbers) s.mean += x / n;
  double squares = 0;
  for (const double x : numbers) squares += (x - s.mean) * (x - s.mean);
  s.deviation = numbers.size() > 1 ? std::sqrt(squares / (n - 1)) : 0;
  return s;
}

std::string run_table_text(const RunTable& table) {
  auto text = fmt::format("{:<9}", table.kind);
  for (const auto& column : table.columns) text += fmt::format("  {:>10}", column.title);
  text += "\n";
  const auto line = [&](const std::string& name, const std::vector<double>& figures, int more_decimals) {
    text += fmt::format("{:<9}", name);
    for (std::size_t c = 0; c < figures.size(); ++c) {
      const auto& [_, title, scale, decimals] = table.columns[c];
      const auto width = std::max<std::size_t>(10, title.size());
      text += fmt::format("  {:>{}.{}f}", scale * figures[c], width, decimals == 0 ? more_decimals : decimals);
    }
    text += "\n";
  };
  for (const auto& row : table.rows) line(fmt::format("{}", row.number), row.figures, 0);
  const auto all = spreads(table);
  constexpr std::array names{std::pair{"mean", &Spread::mean}, std::pair{"deviation", &Spread::deviation},
                             std::pair{"lowest", &Spread::lowest}, std::pair{"highest", &Spread::highest}};
  for (const auto& [name, member] : names) {
    std::vector<double> figures;
    for (const auto& spread : all) figures.push_back(spread.*member);
    line(name, figures, member == &Spread::mean || member == &Spread::deviation ? 1 : 0);
  }
  return text;
}

std::string run_table_json(const RunTable& table) {
  Json json{{"runs", Json::array()}, {"spread", Json::object()}};
  for (const auto& [number, figures] : table.rows) {
    Json row{{table.kind, number}, {"folder", fmt::format("{}-{}", table.kind, number)}};
    for (std::size_t c = 0; c < figures.size(); ++c) row[table.columns[c].name] = figures[c];
    json["runs"].push_back(std::move(row));
  }
  const auto all = spreads(table);
  for (std::size_t c = 0; c < all.size(); ++c)
    json["spread"][table.columns[c].name] = {
        {"mean", all[c].mean}, {"deviation", all[c].deviation}, {"lowest", all[c].lowest}, {"highest", all[c].highest}};
  return json.dump(2);
}

} // namespace mien::cli
