// SPDX-License-Identifier: Apache-2.0
#include "mien/train/metrics.hpp"

#include "lib/train/outcomes.hpp"

#include "mien/core/error.hpp"
#include "mien/core/math.hpp"
#include "mien/core/rng.hpp"
#include "mien/ops/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace mien {
namespace {

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
  const auto all = outcomes(truth, probabilities, classes);
  expect_sound(options, n);
  RunningFigures running(classes);
  running.add(truth, probabilities);
  auto result = running.evaluation(labels);
  result.ci95 = intervals(all, classes, result.accuracy, options);
  return result;
}

} // namespace mien
