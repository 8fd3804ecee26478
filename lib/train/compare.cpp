// SPDX-License-Identifier: Apache-2.0
#include "mien/train/compare.hpp"

#include "lib/train/outcomes.hpp"
#include "mien/core/error.hpp"
#include "mien/core/math.hpp"
#include "mien/core/rng.hpp"
#include "mien/ops/parallel.hpp"

#include <algorithm>
#include <vector>

namespace mien {
namespace {

/// The figures of both models on one resample of the pictures.
struct Pair {
  Figures<double> a, b;
};

/// Adds up the outcomes of pictures.
class Sum {
public:
  explicit Sum(std::size_t classes) : classes_(classes), confusion_(classes * classes) {}
  void add(const Outcome& outcome) {
    ++confusion_[outcome.cell];
    loss_ += outcome.loss;
  }
  [[nodiscard]] Figures<double> figures() const { return mien::figures(confusion_, classes_, loss_); }

private:
  std::size_t classes_;
  std::vector<std::int64_t> confusion_;
  double loss_ = 0;
};

std::vector<Pair> resampled(const std::vector<Outcome>& a, const std::vector<Outcome>& b, std::size_t classes,
                            const IntervalOptions& options) {
  const auto groups = members(options.groups, a.size());
  const auto n = static_cast<std::uint32_t>(groups.size());
  std::vector<Pair> samples(static_cast<std::size_t>(options.resamples));
  parallel_for(options.threads, options.resamples, [&](int part, int) {
    Rng rng(options.seed, Purpose::bootstrap, 0, static_cast<std::uint32_t>(part));
    Sum of_a(classes), of_b(classes);
    for (std::uint32_t draw = 0; draw < n; ++draw) {
      for (const auto i : groups[rng.below(n)]) {
        of_a.add(a[i]);
        of_b.add(b[i]);
      }
    }
    samples[static_cast<std::size_t>(part)] = {of_a.figures(), of_b.figures()};
  });
  return samples;
}

} // namespace

double mcnemar(std::int64_t only_a, std::int64_t only_b) noexcept {
  const auto n = only_a + only_b, least = std::min(only_a, only_b);
  if (n == 0) return 1;
  // binomial(k; n, 1/2) from k to k + 1, in logarithms: 2^-n is too small for a double from n = 1075 on.
  double term = -static_cast<double>(n) * math::log(2), sum = 0;
  for (std::int64_t k = 0; k <= least; ++k) {
    sum += math::exp(term);
    term += math::log(static_cast<double>(n - k) / static_cast<double>(k + 1));
  }
  return std::min(1.0, 2 * sum);
}

Comparison compare(const Answers& a, const Answers& b, const IntervalOptions& options) {
  if (a.truth.empty()) throw Error("compare: there is no picture to measure on");
  if (a.truth != b.truth) throw Error("compare: both models have to answer to the same pictures, in the same order");
  const auto classes = static_cast<std::size_t>(a.probabilities.shape()[1]);
  expect_sound(options, a.truth.size());
  const auto of_a = outcomes(a.truth, a.probabilities.view<float>(), classes);
  const auto of_b = outcomes(b.truth, b.probabilities.view<float>(), classes);

  Comparison result{.n = static_cast<std::int64_t>(a.truth.size())};
  Sum sum_a(classes), sum_b(classes);
  for (std::size_t i = 0; i < of_a.size(); ++i) {
    const auto diagonal = static_cast<std::size_t>(a.truth[i]) * (classes + 1);
    const bool a_right = of_a[i].cell == diagonal, b_right = of_b[i].cell == diagonal;
    ++(a_right ? b_right ? result.both : result.only_a : b_right ? result.only_b : result.neither);
    sum_a.add(of_a[i]);
    sum_b.add(of_b[i]);
  }
  result.p = mcnemar(result.only_a, result.only_b);
  result.a = sum_a.figures();
  result.b = sum_b.figures();

  const auto samples = resampled(of_a, of_b, classes, options);
  const auto difference = [&](double Figures<double>::*figure) {
    std::vector<double> values;
    for (const auto& sample : samples) values.push_back(sample.b.*figure - sample.a.*figure);
    return Difference{result.b.*figure - result.a.*figure, middle_95(std::move(values))};
  };
  result.difference = {.accuracy = difference(&Figures<double>::accuracy),
                       .macro_f1 = difference(&Figures<double>::macro_f1),
                       .weighted_f1 = difference(&Figures<double>::weighted_f1),
                       .uar = difference(&Figures<double>::uar),
                       .log_loss = difference(&Figures<double>::log_loss)};
  return result;
}

} // namespace mien
