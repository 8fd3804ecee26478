// SPDX-License-Identifier: Apache-2.0
#include "lib/train/outcomes.hpp"

#include "mien/core/error.hpp"
#include "mien/core/math.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace mien {
namespace {

double ratio(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

} // namespace

Tally tally(std::span<const std::int64_t> confusion, std::size_t classes, std::size_t c) {
  Tally t{.right = confusion[c * classes + c]};
  for (std::size_t other = 0; other < classes; ++other) {
    t.support += confusion[c * classes + other];
    t.answered += confusion[other * classes + c];
  }
  return t;
}

ClassFigures class_figures(const Tally& t) {
  return {.precision = ratio(t.right, t.answered),
          .recall = ratio(t.right, t.support),
          .f1 = ratio(2 * t.right, t.support + t.answered),
          .support = t.support};
}

Figures<double> figures(std::span<const std::int64_t> confusion, std::size_t classes, double loss_sum) {
  Figures<double> f;
  std::int64_t n = 0, right = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    const Tally t = tally(confusion, classes, c);
    const ClassFigures one = class_figures(t);
    n += t.support;
    right += t.right;
    f.macro_f1 += one.f1;
    f.uar += one.recall;
    f.weighted_f1 += one.f1 * static_cast<double>(t.support);
  }
  f.accuracy = ratio(right, n);
  f.macro_f1 /= static_cast<double>(classes);
  f.uar /= static_cast<double>(classes);
  f.weighted_f1 /= static_cast<double>(n);
  f.log_loss = loss_sum / static_cast<double>(n);
  return f;
}

Outcome outcome(std::size_t i, std::span<const std::int32_t> truth, View<const float> probabilities) {
  const std::size_t classes = probabilities.size() / truth.size();
  constexpr double e = 0x1p-52;
  const auto row = probabilities.span().subspan(i * classes, classes);
  for (const float p : row)
    if (!(p >= 0 && p <= 1))
      throw Error(concat("evaluate: a probability lies between 0 and 1, picture ", i, " has ", p));
  if (truth[i] < 0 || static_cast<std::size_t>(truth[i]) >= classes)
    throw Error(concat("evaluate: labels are 0 to ", classes - 1, ", picture ", i, " has ", truth[i]));
  const auto t = static_cast<std::size_t>(truth[i]);
  const auto answer = static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin());
  return {t * classes + answer, -math::log(std::clamp<double>(row[t], e, 1 - e))};
}

std::vector<Outcome> outcomes(std::span<const std::int32_t> truth, View<const float> probabilities,
                              std::size_t classes) {
  expect_as_many(truth.size(), classes, probabilities);
  std::vector<Outcome> all;
  all.reserve(truth.size());
  for (std::size_t i = 0; i < truth.size(); ++i) all.push_back(outcome(i, truth, probabilities));
  return all;
}

void expect_as_many(std::size_t n, std::size_t classes, View<const float> probabilities) {
  if (classes == 0 || probabilities.size() != n * classes)
    throw Error(concat("evaluate: ", n, " pictures and ", classes, " labels need as many probabilities (", n * classes,
                       "), got ", probabilities.shape()));
}

void expect_sound(const IntervalOptions& options, std::size_t n) {
  if (!options.groups.empty() && options.groups.size() != n)
    throw Error(concat("evaluate: ", options.groups.size(), " groups' numbers for ", n, " pictures"));
  if (options.resamples < 1) throw Error("evaluate: the intervals need at least one resample");
}

Interval middle_95(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  auto point = [&](double share) {
    const double place = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const auto above = std::min(below + 1, values.size() - 1);
    return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
  };
  return {point(0.025), point(0.975)};
}

std::vector<std::vector<std::size_t>> members(std::span<const std::size_t> groups, std::size_t n) {
  std::vector<std::vector<std::size_t>> result;
  std::unordered_map<std::size_t, std::size_t> place;
  for (std::size_t i = 0; i < n; ++i) {
    const auto [found, is_new] = place.emplace(groups.empty() ? i : groups[i], result.size());
    if (is_new) result.emplace_back();
    result[found->second].push_back(i);
  }
  return result;
}

} // namespace mien
