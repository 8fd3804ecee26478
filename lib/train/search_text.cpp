// SPDX-License-Identifier: Apache-2.0
// The table of a search: for a terminal, for other programs, and to resume from.
#include "mien/core/error.hpp"
#include "mien/train/search.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace mien {
namespace {

/// A field of a CSV, in quotation marks where it needs them.
std::string field(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string inside;
  for (const char c : text) inside += c == '"' ? std::string("\"\"") : std::string(1, c);
  return '"' + inside + '"';
}

std::string header(const SearchSpace& space) {
  std::string line = "trial,epochs,accuracy,loss,seconds";
  for (const auto& parameter : space.parameters) line += "," + field(parameter.name);
  return line;
}

/// The drawn values of a trial, as the end of its row.
std::string drawn(const SearchSpace& space, int trial) {
  std::string cells;
  for (const auto& value : draw_trial(space, trial)) cells += "," + field(value);
  return cells;
}

/// Takes what stands before `end` off the text.
std::string_view take(std::string_view& text, char end) {
  const auto part = text.substr(0, text.find(end));
  text.remove_prefix(std::min(text.size(), part.size() + 1));
  return part;
}

template <class T> bool read(std::string_view& cells, T& value) {
  const auto cell = take(cells, ',');
  const auto [end, failure] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  return failure == std::errc() && end == cell.data() + cell.size();
}

/// The longest row of each trial, the longest first, then the best.
std::vector<TrialRow> last_rows(std::span<const TrialRow> rows) {
  std::vector<TrialRow> last;
  for (const auto& row : rows) {
    const auto known = std::find_if(last.begin(), last.end(), [&](const auto& l) { return l.trial == row.trial; });
    if (known == last.end())
      last.push_back(row);
    else if (row.epochs > known->epochs)
      *known = row;
  }
  std::sort(last.begin(), last.end(), [](const TrialRow& a, const TrialRow& b) {
    return a.epochs != b.epochs ? a.epochs > b.epochs : better_trial(a, b);
  });
  return last;
}

} // namespace

std::string search_text(std::span<const TrialRow> rows, const SearchSpace& space) {
  std::vector<std::size_t> widths;
  const auto last = last_rows(rows);
  std::vector<std::vector<std::string>> values;
  for (const auto& row : last) values.push_back(draw_trial(space, row.trial));
  std::string text = "trial  epochs  accuracy    loss";
  for (std::size_t i = 0; i < space.parameters.size(); ++i) {
    widths.push_back(space.parameters[i].name.size());
    for (const auto& value : values) widths[i] = std::max(widths[i], value[i].size());
    text += fmt::format("  {:<{}}", space.parameters[i].name, widths[i]);
  }
  const auto* best = best_trial(rows);
  for (std::size_t r = 0; r < last.size(); ++r) {
    while (text.back() == ' ') text.pop_back();
    text += fmt::format("\n{:>5}  {:>6}   {:5.1f} %  {:6.3f}", last[r].trial, last[r].epochs, 100 * last[r].accuracy,
                        last[r].loss);
    for (std::size_t i = 0; i < widths.size(); ++i) text += fmt::format("  {:<{}}", values[r][i], widths[i]);
    if (last[r].trial == best->trial) text += "  best";
  }
  while (text.back() == ' ') text.pop_back();
  return text + "\n";
}

std::string search_csv(std::span<const TrialRow> rows, const SearchSpace& space) {
  auto text = header(space) + "\n";
  for (const auto& row : rows)
    text += fmt::format("{},{},{},{},{}{}\n", row.trial, row.epochs, row.accuracy, row.loss, row.seconds,
                        drawn(space, row.trial));
  return text;
}

std::string search_json(std::span<const TrialRow> rows, const SearchSpace& space) {
  auto json = nlohmann::ordered_json::array();
  for (const auto& row : rows) {
    nlohmann::ordered_json object = {{"trial", row.trial},
                                     {"epochs", row.epochs},
                                     {"accuracy", row.accuracy},
                                     {"loss", nullptr},
                                     {"seconds", row.seconds}};
    if (std::isfinite(row.loss)) object["loss"] = row.loss;
    const auto values = draw_trial(space, row.trial);
    auto& options = object["options"] = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < values.size(); ++i) options[space.parameters[i].name] = values[i];
    json.push_back(std::move(object));
  }
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::vector<TrialRow> read_search_csv(std::string_view text, const SearchSpace& space) {
  if (take(text, '\n') != header(space))
    throw Error(concat("search table: line 1 is not \"", header(space),
                       "\"; it belongs to a search for other options: begin a new one"));
  std::vector<TrialRow> rows;
  for (int line = 2; !text.empty(); ++line) {
    auto cells = take(text, '\n');
    TrialRow row;
    const bool whole = read(cells, row.trial) && read(cells, row.epochs) && read(cells, row.accuracy) &&
                       read(cells, row.loss) && read(cells, row.seconds);
    if (!whole || row.trial < 0 || row.epochs < 1)
      throw Error(concat("search table: line ", line,
                         " has no trial, epochs, accuracy, loss and seconds; remove it, "
                         "and the trial is run again"));
    const auto expected = drawn(space, row.trial);
    if (cells != (expected.empty() ? expected : expected.substr(1)))
      throw Error(concat("search table: line ", line, " has other values than this search draws for trial ", row.trial,
                         "; it was made with another seed or other ranges: use those, or begin a new one"));
    rows.push_back(row);
  }
  return rows;
}

} // namespace mien
