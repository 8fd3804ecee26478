// SPDX-License-Identifier: Apache-2.0
#include "mien/train/label_errors.hpp"

#include "lib/train/outcomes.hpp"
#include "mien/core/error.hpp"

#include <algorithm>
#include <optional>
#include <span>

namespace mien {
namespace {

constexpr double slack = 1e-6; // cleanlab's: sums of floats are equal to within so much

using Row = std::span<const float>;

std::vector<double> thresholds_of(const Answers& answers, std::size_t classes) {
  std::vector<double> sums(classes);
  std::vector<std::size_t> counts(classes);
  for (std::size_t i = 0; i < answers.truth.size(); ++i) {
    const auto given = static_cast<std::size_t>(answers.truth[i]);
    sums[given] += answers.row(i)[given];
    ++counts[given];
  }
  for (std::size_t j = 0; j < classes; ++j)
    sums[j] = counts[j] == 0 ? 2 : std::max(sums[j] / static_cast<double>(counts[j]), 2 * slack);
  return sums;
}

std::size_t most_probable(Row p) { return static_cast<std::size_t>(std::ranges::max_element(p) - p.begin()); }

/// The class that a picture confidently is, whatever its label says.
std::optional<std::size_t> confident_class(Row p, std::span<const double> thresholds) {
  std::optional<std::size_t> only;
  for (std::size_t j = 0; j < p.size(); ++j) {
    if (p[j] < thresholds[j] - slack) continue;
    if (only) return most_probable(p);
    only = j;
  }
  return only;
}

} // namespace

LabelErrors find_label_errors(const Answers& answers) {
  const auto classes = static_cast<std::size_t>(answers.probabilities.shape()[1]);
  if (answers.truth.empty()) throw Error("label errors: there is no picture to look for them in");
  if (classes < 2) throw Error("label errors: there is one class only, so no label can be another");
  (void)outcomes(answers.truth, answers.probabilities, classes); // throws where there is nothing, or nonsense
  LabelErrors found{.thresholds = thresholds_of(answers, classes),
                    .joint = std::vector<std::int64_t>(classes * classes),
                    .errors = {}};
  for (std::size_t i = 0; i < answers.truth.size(); ++i) {
    const auto p = answers.row(i);
    const auto given = static_cast<std::size_t>(answers.truth[i]);
    const auto confident = confident_class(p, found.thresholds);
    if (!confident) continue;
    ++found.joint[given * classes + *confident];
    const auto likely = most_probable(p);
    const double margin = double{p[given]} - double{p[likely]};
    if (*confident != given && -margin > slack)
      found.errors.push_back({i, answers.truth[i], static_cast<std::int32_t>(likely), margin});
  }
  std::ranges::stable_sort(found.errors, {}, &LabelError::margin);
  return found;
}

} // namespace mien
