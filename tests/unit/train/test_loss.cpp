// SPDX-License-Identifier: Apache-2.0
// What a training makes small: labels as they are, smoothed, weighted.
#include "mien/ops/softmax.hpp"
#include "mien/train/loss.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/close.hpp"
#include "tests/support/random.hpp"

#include <cmath>

using namespace mien;
using namespace mien::test;

namespace {

constexpr std::int64_t classes = 4;
const std::vector<std::size_t> counts{10, 5, 0, 25}; // of which the third is never seen
const std::vector<std::int32_t> labels{0, 3, 1, 3, 3};

View<const float> rows(const std::vector<float>& x) {
  return {x.data(), Shape{static_cast<std::int64_t>(x.size()) / classes, classes}};
}

/// The mean loss in double, and its derivative: the targets and the weights of this formula alone.
struct Expected {
  double loss = 0;
  std::vector<double> dx;

  Expected(const std::vector<float>& x, double smoothing, const std::vector<double>& weights) {
    double sum_of_weights = 0;
    for (const auto label : labels) sum_of_weights += weights[static_cast<std::size_t>(label)];
    for (std::size_t n = 0; n < labels.size(); ++n) {
      double sum = 0;
      for (std::size_t k = 0; k < classes; ++k) sum += std::exp(double{x[n * classes + k]});
      const auto label = static_cast<std::size_t>(labels[n]);
      for (std::size_t k = 0; k < classes; ++k) {
        const double target = (k == label ? 1 - smoothing : 0) + smoothing / classes;
        const double logit = double{x[n * classes + k]}, weight = weights[label] / sum_of_weights;
        loss += weight * target * (std::log(sum) - logit);
        dx.push_back(weight * (std::exp(logit) / sum - target));
      }
    }
  }
};

} // namespace

TEST_CASE("loss: without smoothing and weights it is the plain one, to the bit") {
  const auto x = random_values(5 * classes, 1, -3, 3);
  std::vector<float> dx(x.size()), plain(x.size());
  TrainingLoss loss(TrainOptions{.batch = 5}, counts);
  const Shape shape{5, classes};
  CHECK(loss({dx.data(), shape}, rows(x), labels) ==
        softmax_cross_entropy({plain.data(), shape}, rows(x), labels, 1.0 / 5));
  CHECK(dx == plain);
}

TEST_CASE("loss: smoothed targets and class weights, in a batch that is not full") {
  const auto x = random_values(5 * classes, 1, -3, 3);
  const std::vector<double> all_alike(classes, 1), balanced{1.0 / 10, 1.0 / 5, 0, 1.0 / 25};
  for (const double smoothing : {0.0, 0.3}) {
    for (const bool weighted : {false, true}) {
      CAPTURE(smoothing, weighted);
      const Expected expected(x, smoothing, weighted ? balanced : all_alike);
      TrainingLoss loss(TrainOptions{.batch = 9,
                                     .label_smoothing = smoothing,
                                     .class_weights = weighted ? ClassWeights::balanced : ClassWeights::none},
                        counts);
      for (int pass = 0; pass < 2; ++pass) { // the second one finds what the first has left
        std::vector<float> dx(x.size());
        CHECK(loss({dx.data(), Shape{5, classes}}, rows(x), labels) / 5 == Approx(expected.loss).epsilon(1e-6));
        CHECK(close<float>(dx, expected.dx, {.c = 8}));
      }
    }
  }
}

TEST_CASE("loss: shares instead of labels, smoothed and weighed as these are") {
  const auto x = random_values(5 * classes, 1, -3, 3);
  const Shape shape{5, classes};
  std::vector<float> one_hot(x.size());
  for (std::size_t n = 0; n < labels.size(); ++n) one_hot[n * classes + static_cast<std::size_t>(labels[n])] = 1;
  for (const double smoothing : {0.0, 0.1}) {
    const TrainOptions options{.batch = 5, .label_smoothing = smoothing, .class_weights = ClassWeights::balanced};
    std::vector<float> soft_dx(x.size()), dx(x.size());
    TrainingLoss soft(options, counts, true), hard(options, counts);
    CHECK(soft({soft_dx.data(), shape}, rows(x), labels, one_hot) == hard({dx.data(), shape}, rows(x), labels));
    CHECK(soft_dx == dx);
  }
  // Two classes that share a picture: -(log p[0] + log p[3]) / 2.
  const std::vector<float> logits{1, 2, 0, -1}, halves{0.5f, 0, 0, 0.5f};
  std::vector<float> dx(4);
  TrainingLoss loss(TrainOptions{.batch = 1}, counts, true);
  const double sum = std::exp(1.0) + std::exp(2.0) + 1 + std::exp(-1.0);
  CHECK(loss({dx.data(), Shape{1, classes}}, rows(logits), std::vector<std::int32_t>{0}, halves) ==
        Approx(std::log(sum) - 0.5 * (1 - 1)));
  CHECK(dx[0] == Approx(std::exp(1.0) / sum - 0.5));
  CHECK(dx[1] == Approx(std::exp(2.0) / sum));
}
