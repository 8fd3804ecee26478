// SPDX-License-Identifier: Apache-2.0
#include "mien/train/groups.hpp"

#include "lib/data/csv_row.hpp"
#include "mien/core/error.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

namespace mien {
namespace {

/// The names that a table may have for a picture, the longest first.
std::vector<std::string> names_of(const std::string& picture) {
  std::vector<std::string> names{picture};
  if (const auto row = csv_row_of(picture)) names.push_back(std::to_string(*row));
  for (auto slash = picture.find('/'); slash != std::string::npos; slash = picture.find('/', slash + 1))
    names.push_back(picture.substr(slash + 1));
  return names;
}

/// A picture's group, or nothing; `used` takes in which names stand for which picture.
const std::string* group_of(const std::string& picture, const GroupTable& table,
                            std::map<std::string, std::string>& used) {
  const std::string* group = nullptr;
  for (const auto& name : names_of(picture)) {
    const auto found = table.find(name);
    if (found == table.end()) continue;
    if (group && *group != found->second)
      throw Error(concat("groups: ", picture, " is in two of them, ", *group, " and ", found->second));
    group = &found->second;
    const auto [use, is_new] = used.emplace(name, picture);
    if (!is_new && use->second != picture)
      throw Error(concat("groups: ", name, " may be ", use->second, " or ", picture,
                         "; write as much of the path as tells them apart"));
  }
  return group;
}

GroupFigures measured(const std::string& name, std::span<const std::size_t> places, const Answers& answers,
                      const Classifier& classifier, const Dataset& data, const EvaluateOptions& options) {
  GroupFigures group{.name = name,
                     .figures = evaluate(some_of(answers, places), classifier, data.subset(places), options)};
  const auto& e = group.figures;
  const auto present = std::ranges::count_if(e.per_class, [](const ClassFigures& c) { return c.support > 0; });
  const double scale =
      static_cast<double>(e.labels.size()) / static_cast<double>(present); // uar counts the others as 0
  group.mean_recall = scale * e.uar;
  group.mean_recall_ci = {scale * e.ci95.uar.low, std::min(1.0, scale * e.ci95.uar.high)};
  group.few = e.n < GroupEvaluation::fewest_to_judge;
  return group;
}

std::optional<Gap> widest_gap(const std::vector<GroupFigures>& groups) {
  std::vector<std::size_t> judged;
  for (std::size_t i = 0; i < groups.size(); ++i)
    if (!groups[i].few) judged.push_back(i);
  if (judged.size() < 2) return {};
  const auto accuracy = [&](std::size_t i) { return groups[i].figures.accuracy; };
  const auto [worst, best] = std::ranges::minmax_element(judged, {}, accuracy);
  const auto &a = groups[*best].figures, &b = groups[*worst].figures;
  return Gap{*best, *worst, a.accuracy - b.accuracy, newcombe_interval(a.accuracy, a.n, b.accuracy, b.n)};
}

} // namespace

GroupTable read_groups(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string line;
  if (!file || !std::getline(file, line))
    throw Error(concat(path.string(), ": cannot be read, or is empty; expected a first line with name,group"));
  int name_column = -1, group_column = -1;
  for_each_field(without_byte_order_mark(line), [&](int index, std::string_view field) {
    if (field == "name") name_column = index;
    if (field == "group") group_column = index;
    return index < 1000;
  });
  if (name_column < 0 || group_column < 0)
    throw Error(concat(path.string(), ":1: has no column ", name_column < 0 ? "name" : "group",
                       "; expected a first line with name,group"));
  GroupTable table;
  for (std::size_t number = 2; std::getline(file, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    std::string name, group;
    const bool closed = for_each_field(line, [&](int index, std::string_view field) {
      if (index == name_column) name = field;
      if (index == group_column) group = field;
      return index < std::max(name_column, group_column);
    });
    if (!closed || name.empty() || group.empty())
      throw Error(concat(path.string(), ":", number, ": ",
                         !closed        ? "a quote is not closed"
                         : name.empty() ? "the name is empty"
                                        : "the group is empty",
                         "; expected a name and a group in every row"));
    const auto [found, is_new] = table.emplace(name, group);
    if (!is_new && found->second != group)
      throw Error(concat(path.string(), ":", number, ": ", name, " is in group ", group, ", and in ", found->second,
                         " before; leave one of the rows"));
  }
  return table;
}

Interval newcombe_interval(double p1, std::int64_t n1, double p2, std::int64_t n2) {
  const auto a = wilson_interval(p1, n1), b = wilson_interval(p2, n2);
  return {p1 - p2 - std::hypot(p1 - a.low, b.high - p2), p1 - p2 + std::hypot(a.high - p1, p2 - b.low)};
}

GroupEvaluation evaluate_groups(const Answers& answers, const Classifier& classifier, const Dataset& data,
                                const GroupTable& table, const EvaluateOptions& options) {
  std::map<std::string, std::vector<std::size_t>> places;
  std::map<std::string, std::string> used; // by which picture
  GroupEvaluation result;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const auto* group = group_of(data.name(i), table, used);
    if (group)
      places[*group].push_back(i);
    else
      ++result.without_group;
  }
  if (places.empty())
    throw Error(concat("groups: none of the ", data.size(), " pictures is in the table; it names ",
                       table.empty() ? "nothing" : table.begin()->first, ", the data have pictures such as ",
                       data.size() > 0 ? data.name(0) : "none"));
  result.without_picture = table.size() - used.size();
  for (const auto& [name, pictures] : places)
    result.groups.push_back(measured(name, pictures, answers, classifier, data, options));
  result.widest = widest_gap(result.groups);
  return result;
}

} // namespace mien
