// SPDX-License-Identifier: Apache-2.0
#include "tools/check_findings.hpp"

#include "tools/console.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>

namespace mien::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Data that go about under one name, and how many pictures they have.
struct Known {
  const char* name;
  std::size_t train, test;
};
constexpr std::array known = {
    Known{"FER2013 with both test usages, as Kaggle's folder has it", 28'709, 7'178},
    Known{"FER2013 with one test usage (PublicTest or PrivateTest)", 28'709, 3'589},
    Known{"FER2013's training usage alone", 28'709, 0},
};

std::size_t found_in(const ReadData& part) { return part.data.size() + part.report.skipped.size(); }

/// The known data that come nearest, if they differ by no more than one picture in a thousand.
std::string known_as(const Findings& f) {
  const auto train = found_in(f.train), test = found_in(f.test);
  const auto apart = [](std::size_t a, std::size_t b) { return a > b ? a - b : b - a; };
  for (const auto& [name, known_train, known_test] : known) {
    const auto difference = apart(train, known_train) + apart(test, known_test);
    if (difference == 0) return name;
    if (difference * 1000 <= known_train && (known_test > 0) == (test > 0))
      return fmt::format("{}, but for {}", name, plural(difference, "picture"));
  }
  return "";
}

double percent(std::size_t part, std::size_t all) {
  return all == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(all);
}

std::string part_text(std::string_view name, const ReadData& part) {
  const auto counts = part.data.counts();
  auto text = fmt::format("{:<6} {} of {} classes\n       ", name, plural(part.data.size(), "picture"), counts.size());
  for (std::size_t c = 0; c < counts.size(); ++c)
    text += fmt::format("{}{} {}", c > 0 ? ", " : "", part.data.classes[c], counts[c]);
  return text + "\n";
}

std::string differing_classes(const Findings& f) {
  const std::set<std::string> a(f.train.data.classes.begin(), f.train.data.classes.end()),
      b(f.test.data.classes.begin(), f.test.data.classes.end());
  std::vector<std::string> odd;
  std::ranges::set_symmetric_difference(a, b, std::back_inserter(odd));
  return fmt::format("{}", fmt::join(odd, ", "));
}

/// Everything that is wrong, the worst first: each a paragraph.
std::vector<std::string> faults(const Findings& f) {
  std::vector<std::string> all;
  const auto tests = f.test.data.size();
  if (f.exact.across > 0)
    all.push_back(
        fmt::format("{} of {} test pictures ({:.1f} %) are in the training data pixel for pixel. A figure on them "
                    "measures memory: "
                    "`mien eval` tells every figure with and without what a model has seen; believe the second.",
                    f.exact.across, tests, percent(f.exact.across, tests)));
  if (f.near.across > 0)
    all.push_back(
        fmt::format("{} more test pictures ({:.1f} %) are nearly the same as training pictures (stored anew, a pixel "
                    "further, other light). No digest "
                    "finds these: figures on the rest are still a little too kind.",
                    f.near.across, percent(f.near.across, tests)));
  if (f.exact.contradictions > 0)
    all.push_back(
        fmt::format("{} of copies have different labels: whatever a network answers to them, it is wrong for one. "
                    "`mien train --drop-conflicts` leaves them out.",
                    plural(f.exact.contradictions, "group")));
  if (f.near.contradictions > 0)
    all.push_back(fmt::format("{} of near copies have different labels.", plural(f.near.contradictions, "group")));
  if (f.exact.within_train > 0)
    all.push_back(fmt::format(
        "{} in the training data are copies of others ({:.1f} %). They count twice in training; a validation "
        "that tears "
        "them apart would be too kind, and that of `mien train` does not. `--dedup` keeps one of each.",
        plural(f.exact.within_train, "picture"), percent(f.exact.within_train, f.train.data.size())));
  if (f.near.within_train > 0)
    all.push_back(
        fmt::format("{} more in the training data are near copies of others.", plural(f.near.within_train, "picture")));
  if (f.exact.within_test > 0)
    all.push_back(
        fmt::format("{} in the test data are copies of others there: intervals of `mien eval` count them as one.",
                    plural(f.exact.within_test, "picture")));
  const auto skipped = f.train.report.skipped.size() + f.test.report.skipped.size();
  if (skipped > 0)
    all.push_back(fmt::format("{} cannot be used, being unreadable or all of one colour, and are left out:\n  {}{}",
                              plural(skipped, "picture"), fmt::join(f.train.report.skipped, "\n  "),
                              f.test.report.skipped.empty()
                                  ? ""
                                  : fmt::format("{}{}", f.train.report.skipped.empty() ? "" : "\n  ",
                                                fmt::join(f.test.report.skipped, "\n  "))));
  if (f.has_test && f.train.data.classes != f.test.data.classes)
    all.push_back(fmt::format("The parts have different classes; in one of them only: {}.", differing_classes(f)));
  const auto counts = f.train.data.counts();
  const auto [fewest, most] = std::ranges::minmax_element(counts);
  if (!counts.empty() && *most >= 3 * *fewest)
    all.push_back(fmt::format(
        "The classes are uneven: {} has {}, {} has {}. Always answering {} would be right {:.1f} % of the "
        "time; look at macro F1 and at "
        "each class.",
        f.train.data.classes[static_cast<std::size_t>(most - counts.begin())], *most,
        f.train.data.classes[static_cast<std::size_t>(fewest - counts.begin())], *fewest,
        f.train.data.classes[static_cast<std::size_t>(most - counts.begin())], percent(*most, f.train.data.size())));
  return all;
}

Json part_json(const ReadData& part) {
  Json json = {{"pictures", part.data.size()}, {"unusable", part.report.skipped}, {"classes", Json::object()}};
  const auto counts = part.data.counts();
  for (std::size_t c = 0; c < counts.size(); ++c) json["classes"][part.data.classes[c]] = counts[c];
  return json;
}

Json copies_json(const Copies& copies) {
  return {{"groups", copies.groups.size()},
          {"across", copies.across},
          {"within_train", copies.within_train},
          {"within_test", copies.within_test},
          {"contradictions", copies.contradictions}};
}

/// Whether a group does the harm that is asked for.
bool is_across(const Findings& f, const std::vector<std::size_t>& group) {
  return !f.is_test(group.front()) && f.is_test(group.back());
}
bool contradicts(const Findings& f, const std::vector<std::size_t>& group) {
  return std::ranges::any_of(group, [&](std::size_t i) { return f.label(i) != f.label(group.front()); });
}

template <class Harm>
void add_rows(std::vector<SheetRow>& rows, const Findings& f, const Copies& copies, const std::string& title,
              const Harm& harm) {
  constexpr std::size_t groups_a_row = 8, most_rows = 4;
  std::vector<const std::vector<std::size_t>*> chosen;
  for (const auto& group : copies.groups)
    if (harm(f, group)) chosen.push_back(&group);
  const auto shown = std::min(chosen.size(), groups_a_row * most_rows);
  for (std::size_t at = 0; at < shown; at += groups_a_row) {
    SheetRow row{at == 0 ? fmt::format("{}: {}, {} shown", title, plural(chosen.size(), "group"), shown) : "", {}};
    for (std::size_t i = at; i < std::min(at + groups_a_row, shown); ++i) {
      row.pictures.push_back(f.picture(chosen[i]->front()));
      row.pictures.push_back(f.picture(chosen[i]->back()));
    }
    rows.push_back(std::move(row));
  }
}

} // namespace

std::string Findings::name(std::size_t i) const {
  return is_test(i) ? test.data.name(i - train.data.size()) : train.data.name(i);
}

const std::string& Findings::label(std::size_t i) const {
  const auto& part = is_test(i) ? test.data : train.data;
  return part.classes[static_cast<std::size_t>(part.label(is_test(i) ? i - train.data.size() : i))];
}

Image Findings::picture(std::size_t i) const {
  const auto& part = is_test(i) ? test.data : train.data;
  const auto bytes = part.picture(is_test(i) ? i - train.data.size() : i);
  return {part.width, part.height, part.channels, {bytes.begin(), bytes.end()}};
}

std::string findings_text(const Findings& f) {
  auto text = part_text(f.has_test ? "train" : "all", f.train);
  if (f.has_test) text += part_text("test", f.test);
  if (const auto name = known_as(f); !name.empty()) text += "This is " + name + ".\n";
  for (const auto* part : {&f.train, &f.test})
    for (const auto& note : part->report.notes) text += note + "\n";
  if (!f.near_looked_for) text += "There are too many pictures to look for near copies.\n";
  const auto wrong = faults(f);
  if (wrong.empty()) return text + "\nNothing is wrong with these that could be seen.\n";
  for (const auto& fault : wrong) text += "\n- " + wrapped(fault, 2) + "\n";
  return text;
}

std::string findings_json(const Findings& f) {
  const auto name = known_as(f);
  const Json json = {{"path", f.path},
                     {"train", part_json(f.train)},
                     {"test", f.has_test ? part_json(f.test) : Json()},
                     {"known_as", name.empty() ? Json() : Json(name)},
                     {"exact", copies_json(f.exact)},
                     {"near", f.near_looked_for ? copies_json(f.near) : Json()},
                     {"findings", faults(f)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string copies_csv(const Findings& f) {
  std::string csv = "kind,group,part,label,name\n";
  const auto add = [&](std::string_view kind, const Copies& copies) {
    for (std::size_t g = 0; g < copies.groups.size(); ++g)
      for (const auto i : copies.groups[g])
        csv += fmt::format("{},{},{},{},{}\n", kind, g + 1, f.is_test(i) ? "test" : "train", csv_field(f.label(i)),
                           csv_field(f.name(i)));
  };
  add("exact", f.exact);
  add("near", f.near);
  return csv;
}

std::vector<SheetRow> worst_rows(const Findings& f) {
  std::vector<SheetRow> rows;
  add_rows(rows, f, f.exact, "In train and in test", is_across);
  add_rows(rows, f, f.exact, "Copies with different labels", contradicts);
  add_rows(rows, f, f.near, "Nearly the same, in train and in test", is_across);
  add_rows(rows, f, f.near, "Nearly the same, with different labels", contradicts);
  if (rows.empty()) add_rows(rows, f, f.exact, "Copies", [](const auto&, const auto&) { return true; });
  return rows;
}

} // namespace mien::cli
