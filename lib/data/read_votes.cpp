// SPDX-License-Identifier: Apache-2.0
#include "mien/data/votes.hpp"

#include "lib/data/csv_row.hpp"
#include "mien/core/error.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>

namespace mien {
namespace {

constexpr int most_votes = 10'000;
constexpr std::size_t most_columns = 200;

/// Which field is what: the picture's name, the usage (passed over), or a place among the columns of votes.
struct Columns {
  static constexpr int name = -1, passed_over = -2;
  std::vector<int> places;
};

std::string renamed_to(std::string_view name, std::span<const std::pair<std::string_view, std::string_view>> renamed) {
  const auto found = std::ranges::find(renamed, name, [](const auto& pair) { return pair.first; });
  return std::string(found == renamed.end() ? name : found->second);
}

/// Reads the first line; `votes` receives the names of the columns. Returns what is wrong with it, or nothing.
std::string read_header(Columns& columns, Votes& votes, std::string_view line,
                        std::span<const std::pair<std::string_view, std::string_view>> renamed) {
  std::string problem;
  const bool closed = for_each_field(line, [&](int, std::string_view field) {
    if (field == "Image name") return columns.places.push_back(Columns::name), true;
    if (field == "Usage") return columns.places.push_back(Columns::passed_over), true;
    const auto name = renamed_to(field, renamed);
    if (name.empty()) problem = "has a column without a name";
    if (std::ranges::find(votes.names, name) != votes.names.end()) problem = "has the column " + name + " twice";
    columns.places.push_back(static_cast<int>(votes.names.size()));
    votes.names.push_back(name);
    return problem.empty() && columns.places.size() < most_columns;
  });
  if (!closed) return "has a quote that is not closed";
  if (!problem.empty()) return problem;
  const auto name_columns = std::ranges::count(columns.places, Columns::name);
  if (name_columns != 1) return concat("has ", name_columns, " columns `Image name`");
  if (votes.names.size() < 2) return concat("has ", votes.names.size(), " columns of votes");
  return {};
}

/// Reads one line into `votes`. Returns what is wrong with it, or nothing.
std::string read_row(Votes& votes, std::string_view line, const Columns& columns) {
  std::string problem;
  std::size_t fields = 0;
  const auto first = votes.counts.size();
  votes.counts.resize(first + votes.names.size());
  votes.pictures.emplace_back();
  const bool closed = for_each_field(line, [&](int index, std::string_view field) {
    if (static_cast<std::size_t>(index) >= columns.places.size()) return problem = "has more fields than names", false;
    ++fields;
    const int place = columns.places[static_cast<std::size_t>(index)];
    if (place == Columns::name) votes.pictures.back() = std::string(field);
    if (place < 0) return true;
    auto& count = votes.counts[first + static_cast<std::size_t>(place)];
    const auto [end, failure] = std::from_chars(field.data(), field.data() + field.size(), count);
    if (failure != std::errc() || end != field.data() + field.size() || count < 0 || count > most_votes)
      problem = concat("has '", field.substr(0, 20), "' votes for ", votes.names[static_cast<std::size_t>(place)],
                       ", expected a whole number from 0 to ", most_votes);
    return problem.empty();
  });
  if (!closed) return "has a quote that is not closed";
  if (problem.empty() && fields < columns.places.size())
    return concat("has ", fields, " fields, expected ", columns.places.size());
  return problem;
}

} // namespace

Votes read_votes(const std::filesystem::path& path,
                 std::span<const std::pair<std::string_view, std::string_view>> renamed) {
  std::ifstream file(path, std::ios::binary);
  std::string line;
  if (!file || !std::getline(file, line))
    throw Error(concat(path.string(), ": cannot be read, or is empty; expected a table of votes: ",
                       "Image name,neutral,happiness,... and a row a picture"));
  Votes votes;
  Columns columns;
  const auto wrong = read_header(columns, votes, without_byte_order_mark(line), renamed);
  if (!wrong.empty())
    throw Error(concat(path.string(), ":1: ", wrong, "; expected one `Image name`, perhaps Usage, and ",
                       "a column of votes for every name, as fer2013new.csv has them"));
  for (std::size_t number = 2; std::getline(file, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const auto problem = read_row(votes, line, columns);
    if (!problem.empty()) throw Error(concat(path.string(), ":", number, ": ", problem));
  }
  if (file.bad()) throw Error(concat(path.string(), ": reading failed; check the disk, copy the file again"));
  return votes;
}

} // namespace mien
