// SPDX-License-Identifier: Apache-2.0
// Figures group by group: whom a model serves worse.
#pragma once

#include "mien/train/answers.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mien {

/// Which group each picture belongs to, by the picture's name.
using GroupTable = std::map<std::string, std::string>;

/// Reads a CSV whose first line has the columns `name` and `group`, in any order; further columns are passed over.
///
/// A name is a picture's path, as much of its end as makes it one of a kind (`0001.png`, `happy/0001.png`), or the
/// number of a row, counted from 0, where the pictures are rows of a CSV. Throws Error, with the line, for a file that
/// cannot be read, a missing column, an empty field, or a name with two groups.
[[nodiscard]] GroupTable read_groups(const std::filesystem::path& path);

/// The figures of one group.
struct GroupFigures {
  std::string name;
  Evaluation figures;        ///< per_class[c].recall: 1 - the error rate of class c
  double mean_recall = 0;    ///< over the classes that the group has pictures of
  Interval mean_recall_ci{}; ///< of a bootstrap over groups of copies
  bool few = false;          ///< fewer than fewest_to_judge pictures
};

/// How far two shares of different pictures lie apart.
struct Gap {
  std::size_t best = 0, worst = 0; ///< groups
  double difference = 0;           ///< of their accuracies
  Interval ci{};
};

/// A model measured group by group.
struct GroupEvaluation {
  static constexpr std::int64_t fewest_to_judge = 30; ///< below it an interval of accuracy is some 35 points wide

  std::vector<GroupFigures> groups; ///< by name
  std::optional<Gap> widest{};      ///< between groups that are not few; none if there are not two
  std::size_t without_group = 0;    ///< pictures
  std::size_t without_picture = 0;  ///< rows of the table
};

/// Measures the answers to each group's pictures by themselves.
///
/// The gap's interval is Newcombe's for a difference of shares, from the Wilson intervals of both. It is that of two
/// groups named beforehand: of many groups the widest gap is a little wide by chance. Throws Error as evaluate() does,
/// if a name may be one of two pictures, if two names of one picture disagree, or if no picture has a group. Sources:
/// Wilson 1927; Newcombe 1998, method 10.
[[nodiscard]] GroupEvaluation evaluate_groups(const Answers& answers, const Classifier& classifier, const Dataset& data,
                                              const GroupTable& table, const EvaluateOptions& options);

/// Where the difference p1 - p2 of two shares lies with 95 % confidence. Source: Newcombe 1998, method 10.
[[nodiscard]] Interval newcombe_interval(double p1, std::int64_t n1, double p2, std::int64_t n2);

/// As a person reads it: a line a group, its error rates by class, and the widest gap.
[[nodiscard]] std::string groups_text(const GroupEvaluation& groups);

/// As one JSON object: `groups` (each `name, few, mean_recall, mean_recall_ci95, figures`), `widest_gap`,
/// `without_group, without_picture`.
[[nodiscard]] std::string to_json(const GroupEvaluation& groups);

} // namespace mien
