// SPDX-License-Identifier: Apache-2.0
#include "mien/train/groups.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace mien {
namespace {

std::string share(double value, const Interval& ci) {
  return fmt::format("{:5.1f} % ({:.1f} to {:.1f})", 100 * value, 100 * ci.low, 100 * ci.high);
}

std::size_t width_of(const GroupEvaluation& all) {
  std::size_t width = 5;
  for (const auto& group : all.groups) width = std::max(width, group.name.size());
  return width;
}

/// Of each class the share of the group's pictures that are named otherwise.
std::string error_rates(const GroupEvaluation& all) {
  auto text = fmt::format("\n{:<{}}", "error rate", width_of(all) + 2);
  const auto& labels = all.groups.front().figures.labels;
  for (const auto& label : labels) text += fmt::format("  {:>9}", label);
  text += "\n";
  for (const auto& group : all.groups) {
    text += fmt::format("{:<{}}", group.name, width_of(all) + 2);
    for (std::size_t c = 0; c < labels.size(); ++c) {
      const auto& one = group.figures.per_class[c];
      const auto cell = one.support == 0 ? std::string("-") : fmt::format("{:.1f} %", 100 * (1 - one.recall));
      text += fmt::format("  {:>{}}", cell, std::max<std::size_t>(9, labels[c].size()));
    }
    text += "\n";
  }
  return text;
}

std::string gap_text(const GroupEvaluation& all) {
  if (!all.widest)
    return fmt::format("\nNo two groups have {} pictures: whether any is served worse cannot be told.\n",
                       GroupEvaluation::fewest_to_judge);
  const auto& [best, worst, difference, ci] = *all.widest;
  return fmt::format("\nThe widest gap: {} and {}, {:.1f} points of accuracy ({:.1f} to {:.1f}); {}\n",
                     all.groups[best].name, all.groups[worst].name, 100 * difference, 100 * ci.low, 100 * ci.high,
                     ci.low > 0 ? "more than chance, though the widest of several gaps is wide by chance as well."
                                : "no more than chance can make.");
}

} // namespace

std::string groups_text(const GroupEvaluation& all) {
  const auto width = width_of(all);
  auto text = fmt::format("\n{:<{}}  {:>6}  {:<22}  {:<22}  {:>8}  {:>10}\n", "group", width, "n", "accuracy",
                          "mean recall", "calibr.", "confidence");
  for (const auto& group : all.groups) {
    const auto& e = group.figures;
    text += fmt::format("{:<{}}  {:>6}  {:<22}  {:<22}  {:>6.1f} %  {:>8.1f} %{}\n", group.name, width, e.n,
                        share(e.accuracy, e.ci95.accuracy), share(group.mean_recall, group.mean_recall_ci),
                        100 * e.reliability->ece, 100 * e.reliability->confidence,
                        group.few ? "  few: do not conclude" : "");
  }
  text += error_rates(all) + gap_text(all);
  if (all.without_group > 0)
    text += fmt::format("{} pictures have no group and are in none of these.\n", all.without_group);
  if (all.without_picture > 0) text += fmt::format("{} rows of the table name no picture here.\n", all.without_picture);
  return text;
}

std::string to_json(const GroupEvaluation& all) {
  using Json = nlohmann::ordered_json;
  Json json = {{"groups", Json::array()}};
  for (const auto& group : all.groups)
    json["groups"].push_back({{"name", group.name},
                              {"few", group.few},
                              {"mean_recall", group.mean_recall},
                              {"mean_recall_ci95", {group.mean_recall_ci.low, group.mean_recall_ci.high}},
                              {"figures", Json::parse(to_json(group.figures))}});
  json["widest_gap"] = nullptr;
  if (all.widest)
    json["widest_gap"] = {{"best", all.groups[all.widest->best].name},
                          {"worst", all.groups[all.widest->worst].name},
                          {"difference", all.widest->difference},
                          {"ci95", {all.widest->ci.low, all.widest->ci.high}}};
  json["without_group"] = all.without_group;
  json["without_picture"] = all.without_picture;
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

} // namespace mien
