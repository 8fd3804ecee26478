// SPDX-License-Identifier: Apache-2.0
#include "tools/label_error_files.hpp"

#include "tools/console.hpp"

#include "mien/io/atomic_file.hpp"
#include "mien/io/image.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace mien::cli {
namespace {

using Pair = std::pair<std::int32_t, std::int32_t>;

Pair labels_of(const LabelError& error) { return {error.given, error.suggested}; }

const std::string& class_of(const Dataset& data, std::int32_t label) {
  return data.classes[static_cast<std::size_t>(label)];
}

Image picture_of(const Dataset& data, std::size_t i) {
  const auto bytes = data.picture(i);
  return {data.width, data.height, data.channels, {bytes.begin(), bytes.end()}};
}

} // namespace

std::string label_errors_csv(const LabelErrors& found, const Answers& answers, const Dataset& data) {
  std::string csv = "name,given,suggested,probability_given,probability_suggested,margin\n";
  for (const auto& [i, given, suggested, margin] : found.errors) {
    const auto p = answers.row(i);
    csv += fmt::format("{},{},{},{},{},{}\n", csv_field(data.name(i)), csv_field(class_of(data, given)),
                       csv_field(class_of(data, suggested)), p[static_cast<std::size_t>(given)],
                       p[static_cast<std::size_t>(suggested)], margin);
  }
  return csv;
}

std::vector<SheetRow> label_error_rows(const LabelErrors& found, const Dataset& data) {
  constexpr std::size_t shown = 64, a_row = 8;
  std::vector<Pair> order; // by the most probable of each pair
  std::map<Pair, std::vector<std::size_t>> pictures;
  for (std::size_t e = 0; e < std::min(shown, found.errors.size()); ++e) {
    const auto pair = labels_of(found.errors[e]);
    if (!pictures.contains(pair)) order.push_back(pair);
    pictures[pair].push_back(found.errors[e].picture);
  }
  std::vector<SheetRow> rows;
  for (const auto& pair : order) {
    const auto& all = pictures[pair];
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i % a_row == 0)
        rows.push_back({i > 0 ? "" : class_of(data, pair.first) + ", rather " + class_of(data, pair.second), {}});
      rows.back().pictures.push_back(picture_of(data, all[i]));
    }
  }
  return rows;
}

std::string label_errors_text(const LabelErrors& found, const Dataset& data, double accuracy) {
  if (found.errors.empty()) return "No label is contradicted with confidence.\n";
  auto text = fmt::format("{} of {} ({:.1f} %) are contradicted with confidence; mostly:\n",
                          plural(found.errors.size(), "label"), data.size(),
                          100 * static_cast<double>(found.errors.size()) / static_cast<double>(data.size()));
  std::map<Pair, std::size_t> counts;
  for (const auto& error : found.errors) ++counts[labels_of(error)];
  std::vector<std::pair<Pair, std::size_t>> pairs(counts.begin(), counts.end());
  std::ranges::stable_sort(pairs, std::greater<>(), &std::pair<Pair, std::size_t>::second);
  for (std::size_t i = 0; i < std::min<std::size_t>(5, pairs.size()); ++i)
    text += fmt::format("{:>7}  {}, rather {}\n", pairs[i].second, class_of(data, pairs[i].first.first),
                        class_of(data, pairs[i].first.second));
  return text +
         fmt::format("Some of these labels are wrong, some of the answers are: of all answers {:.1f} % agree with "
                     "the labels.\nThe surest come first. Look before you change any.\n",
                     100 * accuracy);
}

void write_label_errors(const std::filesystem::path& folder, const LabelErrors& found, const Answers& answers,
                        const Dataset& data) {
  write_atomically(folder / "label-errors.csv", label_errors_csv(found, answers, data));
  const auto rows = label_error_rows(found, data);
  if (rows.empty())
    std::filesystem::remove(folder / "label-errors.png");
  else
    write_png(folder / "label-errors.png", contact_sheet(rows));
}

} // namespace mien::cli
