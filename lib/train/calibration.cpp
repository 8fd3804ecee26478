// SPDX-License-Identifier: Apache-2.0
#include "mien/train/calibration.hpp"

#include "lib/train/outcomes.hpp"
#include "mien/core/error.hpp"
#include "mien/core/math.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace mien {
namespace {

std::vector<Sureness> surenesses(const Answers& answers) {
  const auto classes = static_cast<std::size_t>(answers.probabilities.shape()[1]);
  const auto p = answers.probabilities.view<float>();
  const auto all = outcomes(answers.truth, p, classes);
  std::vector<Sureness> result;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto row = p.span().subspan(i * classes, classes);
    const auto right = static_cast<std::size_t>(answers.truth[i]) * (classes + 1);
    result.push_back({std::ranges::max(row), all[i].cell == right});
  }
  if (result.empty()) throw Error("calibration: there is no picture to measure on");
  return result;
}

/// Logarithms of probabilities: logits, up to a number a row. One that float made 0 is as small as float gets.
std::vector<double> logits_of(const Answers& answers) {
  std::vector<double> logits;
  for (const float p : answers.probabilities.view<float>().span())
    logits.push_back(math::log(std::max(double{p}, 1e-38)));
  return logits;
}

/// The probabilities of one row at a temperature; `row` has its logits.
void soften(std::vector<double>& p, std::span<const double> row, double temperature) {
  const double largest = *std::ranges::max_element(row);
  double sum = 0;
  for (std::size_t c = 0; c < row.size(); ++c) sum += p[c] = math::exp((row[c] - largest) / temperature);
  for (auto& x : p) x /= sum;
}

double loss_at(double temperature, std::span<const double> logits, std::span<const std::int32_t> truth) {
  const std::size_t classes = logits.size() / truth.size();
  const double doubt = 1 / (static_cast<double>(truth.size()) + 2);
  const double other = classes > 1 ? doubt / static_cast<double>(classes - 1) : 0;
  std::vector<double> p(classes);
  double loss = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    soften(p, logits.subspan(i * classes, classes), temperature);
    for (std::size_t c = 0; c < classes; ++c) {
      const bool true_class = static_cast<std::int32_t>(c) == truth[i];
      loss -= (true_class ? 1 - doubt : other) * math::log(std::max(p[c], 1e-300));
    }
  }
  return loss;
}

/// Where a function with one valley is least, between two logarithms, to a millionth. Source: Kiefer 1953.
template <class F> double least_between(double low, double high, const F& f) {
  constexpr double golden = 0.6180339887498949;
  double a = high - golden * (high - low), b = low + golden * (high - low), fa = f(a), fb = f(b);
  while (high - low > 1e-6) {
    if (fa <= fb) {
      high = b;
      b = a;
      fb = fa;
      fa = f(a = high - golden * (high - low));
    } else {
      low = a;
      a = b;
      fa = fb;
      fb = f(b = low + golden * (high - low));
    }
  }
  return (low + high) / 2;
}

} // namespace

std::vector<Sureness> surest_first(const Answers& answers) {
  auto sure = surenesses(answers);
  std::ranges::stable_sort(sure, std::greater<>(), &Sureness::confidence);
  return sure;
}

Reliability reliability(const Answers& answers) {
  const auto sure = surest_first(answers);
  const auto n = static_cast<double>(sure.size());
  Reliability r;
  r.bins.resize(Reliability::bin_count);
  for (const auto& [confidence, right] : sure) {
    const auto above = std::ceil(confidence * Reliability::bin_count) - 1; // a bin holds its upper end
    auto& bin = r.bins[static_cast<std::size_t>(std::clamp(above, 0.0, Reliability::bin_count - 1.0))];
    ++bin.n;
    bin.confidence += confidence;
    bin.accuracy += right;
    r.confidence += confidence / n;
    r.accuracy += right / n;
  }
  for (auto& bin : r.bins) {
    if (bin.n == 0) continue;
    r.ece += std::abs(bin.accuracy - bin.confidence) / n;
    bin.confidence /= static_cast<double>(bin.n);
    bin.accuracy /= static_cast<double>(bin.n);
  }
  double wrong = 0;
  for (std::size_t k = 0; k < sure.size(); ++k) {
    wrong += !sure[k].right;
    r.aurc += wrong / static_cast<double>(k + 1) / n;
    if (k == (sure.size() - 1) / 2) r.risk_of_surest_half = wrong / static_cast<double>(k + 1);
  }
  return r;
}

Answers at_temperature(const Answers& answers, double temperature) {
  const auto logits = logits_of(answers);
  const auto classes = static_cast<std::size_t>(answers.probabilities.shape()[1]);
  Answers result{answers.truth, Tensor(answers.probabilities.shape())};
  std::vector<double> p(classes);
  for (std::size_t i = 0; i < logits.size(); i += classes) {
    soften(p, std::span(logits).subspan(i, classes), temperature);
    for (std::size_t c = 0; c < classes; ++c) result.probabilities.view<float>()[i + c] = static_cast<float>(p[c]);
  }
  return result;
}

Calibration fit_calibration(const Answers& answers) {
  (void)surenesses(answers); // throws where there is nothing, or nonsense
  const auto logits = logits_of(answers);
  const double log_t = least_between(math::log(0.05), math::log(20),
                                     [&](double x) { return loss_at(math::exp(x), logits, answers.truth); });
  Calibration c{.temperature = math::exp(log_t), .pictures = static_cast<std::int64_t>(answers.truth.size())};
  c.answered.resize(Calibration::steps);
  c.right.resize(Calibration::steps);
  for (const auto& [confidence, right] : surenesses(at_temperature(answers, c.temperature))) {
    for (std::size_t i = 0; i < Calibration::steps && confidence >= static_cast<double>(i) / 100; ++i) {
      ++c.answered[i];
      c.right[i] += right;
    }
  }
  return c;
}

double threshold_for(const Calibration& c, double risk) {
  if (!(risk > 0 && risk < 1)) throw Error(concat("abstain: a risk of ", risk, ", expected between 0 and 1"));
  check(c);
  // From the top: the risk need not fall from row to row, and every row above the threshold has to keep to it.
  double threshold = 1.01;
  for (std::size_t i = Calibration::steps; i-- > 0;) {
    if (c.answered[i] == 0) continue;
    const double wrong = 1 - static_cast<double>(c.right[i]) / static_cast<double>(c.answered[i]);
    if (wilson_interval(wrong, c.answered[i]).high <= risk) threshold = static_cast<double>(i) / 100;
  }
  return threshold;
}

Abstention abstention(const Answers& answers, double threshold) {
  Abstention result{.threshold = threshold};
  for (const auto& [confidence, right] : surenesses(answers)) {
    result.answered += confidence >= threshold;
    result.right += confidence >= threshold && right;
  }
  return result;
}

std::string reliability_text(const Reliability& r) {
  return fmt::format("calibration error       {:5.1f} %   (15 bins; mean confidence {:.1f} %)\n"
                     "surest half right       {:5.1f} %\n",
                     100 * r.ece, 100 * r.confidence, 100 * (1 - r.risk_of_surest_half));
}

} // namespace mien
