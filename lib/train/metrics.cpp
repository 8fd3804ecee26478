// SPDX-License-Identifier: Apache-2.0
#include "mien/train/metrics.hpp"

#include "mien/core/error.hpp"
#include "mien/core/math.hpp"
#include "mien/core/rng.hpp"
#include "mien/ops/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

namespace mien {
namespace {

/// What the figures need to know of a picture: its cell of the confusion matrix and its loss.
struct Outcome {
  std::size_t cell;
  double loss;
};

double ratio(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// Rows, columns and diagonal of the confusion matrix for one class.
struct Tally {
  std::int64_t right = 0, support = 0, answered = 0;
};

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

/// What came of picture i; there are as many probabilities as there are pictures times classes.
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

void expect_as_many(std::size_t n, std::size_t classes, View<const float> probabilities) {
  if (classes == 0 || probabilities.size() != n * classes)
    throw Error(concat("evaluate: ", n, " pictures and ", classes, " labels need as many probabilities (", n * classes,
                       "), got ", probabilities.shape()));
}

/// The 2.5 % and 97.5 % points, between neighbours in proportion.
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

/// The pictures that come and go together, in the order of the groups' first pictures.
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

Figures<Interval> intervals(const std::vector<Outcome>& all, std::size_t classes, double accuracy,
                            const IntervalOptions& options) {
  const auto groups = members(options.groups, all.size());
  const auto n = static_cast<std::uint32_t>(groups.size());
  std::vector<Figures<double>> samples(static_cast<std::size_t>(options.resamples));
  parallel_for(options.threads, options.resamples, [&](int part, int) {
    Rng rng(options.seed, Purpose::bootstrap, 0, static_cast<std::uint32_t>(part));
    std::vector<std::int64_t> confusion(classes * classes);
    double loss_sum = 0;
    for (std::uint32_t draw = 0; draw < n; ++draw) {
      for (const auto i : groups[rng.below(n)]) {
        ++confusion[all[i].cell];
        loss_sum += all[i].loss;
      }
    }
    samples[static_cast<std::size_t>(part)] = figures(confusion, classes, loss_sum);
  });
  auto interval = [&](double Figures<double>::*figure) {
    std::vector<double> values;
    values.reserve(samples.size());
    for (const auto& sample : samples) values.push_back(sample.*figure);
    return middle_95(std::move(values));
  };
  return {.accuracy = wilson_interval(accuracy, static_cast<std::int64_t>(all.size())),
          .macro_f1 = interval(&Figures<double>::macro_f1),
          .weighted_f1 = interval(&Figures<double>::weighted_f1),
          .uar = interval(&Figures<double>::uar),
          .log_loss = interval(&Figures<double>::log_loss)};
}

} // namespace

Interval wilson_interval(double p, std::int64_t pictures) {
  if (pictures < 1) return {0, 1};
  constexpr double z = 1.959963984540054; // the normal distribution's 97.5 % point
  const auto n = static_cast<double>(pictures);
  const double centre = p + z * z / (2 * n);
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  return {std::max(0.0, (centre - half) / scale), std::min(1.0, (centre + half) / scale)};
}

RunningFigures::RunningFigures(std::size_t classes) : classes_(classes), confusion_(classes * classes) {}

void RunningFigures::add(std::span<const std::int32_t> truth, View<const float> probabilities) {
  expect_as_many(truth.size(), classes_, probabilities);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const auto [cell, loss] = outcome(i, truth, probabilities);
    ++confusion_[cell];
    loss_sum_ += loss;
  }
}

void RunningFigures::clear() {
  std::ranges::fill(confusion_, 0);
  loss_sum_ = 0;
}

Figures<double> RunningFigures::figures() const { return mien::figures(confusion_, classes_, loss_sum_); }

Evaluation RunningFigures::evaluation(std::span<const std::string> labels) const {
  Evaluation result;
  result.n = std::accumulate(confusion_.begin(), confusion_.end(), std::int64_t{0});
  result.labels.assign(labels.begin(), labels.end());
  result.confusion = confusion_;
  static_cast<Figures<double>&>(result) = figures();
  for (std::size_t c = 0; c < classes_; ++c) {
    const Tally t = tally(confusion_, classes_, c);
    result.per_class.push_back(class_figures(t));
    if (t.support == 0 || t.answered == 0) result.undefined.push_back(labels[c]);
  }
  result.ci95.accuracy = wilson_interval(result.accuracy, result.n);
  return result;
}

Evaluation evaluate(std::span<const std::int32_t> truth, View<const float> probabilities,
                    std::span<const std::string> labels, const IntervalOptions& options) {
  const std::size_t n = truth.size(), classes = labels.size();
  if (n == 0) throw Error("evaluate: there is no picture to measure on");
  expect_as_many(n, classes, probabilities);
  if (!options.groups.empty() && options.groups.size() != n)
    throw Error(concat("evaluate: ", options.groups.size(), " groups' numbers for ", n, " pictures"));
  if (options.resamples < 1) throw Error("evaluate: the intervals need at least one resample");

  std::vector<Outcome> all;
  all.reserve(n);
  for (std::size_t i = 0; i < n; ++i) all.push_back(outcome(i, truth, probabilities));
  RunningFigures running(classes);
  running.add(truth, probabilities);
  auto result = running.evaluation(labels);
  result.ci95 = intervals(all, classes, result.accuracy, options);
  return result;
}

} // namespace mien
