// SPDX-License-Identifier: Apache-2.0
// Batch normalisation as a layer: which statistics it uses, how they move, what it keeps. Its numbers: tests/golden.
#include "mien/core/error.hpp"
#include "mien/nn/optimizer.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/close.hpp"
#include "tests/unit/nn/normalised.hpp"

#include <cmath>

using namespace mien;
using namespace mien::test;
using Catch::Matchers::Contains;

namespace {

constexpr std::int64_t channels = 3, pictures = 5;

std::vector<float> values_of(const Model& model, std::size_t parameter) {
  const auto view = model.parameters()[parameter].value.view<float>();
  return {view.begin(), view.end()};
}

/// The mean and the biased variance of channel `c` of (pictures, channels).
std::pair<double, double> statistics(const std::vector<float>& x, std::size_t c) {
  double mean = 0, variance = 0;
  for (std::size_t n = 0; n < pictures; ++n) mean += double{x[n * channels + c]} / pictures;
  for (std::size_t n = 0; n < pictures; ++n) variance += std::pow(double{x[n * channels + c]} - mean, 2) / pictures;
  return {mean, variance};
}

/// One step of training on `x` without any derivative, so that statistics alone move.
void measure(Model& model, Workspace& workspace, Optimizer& optimizer, const std::vector<float>& x) {
  std::ranges::copy(x, workspace.input(pictures).begin());
  workspace.zero_gradients();
  (void)workspace.forward(model, pictures);
  std::ranges::fill(workspace.output_gradient(pictures), 0.0f);
  workspace.backward(model, pictures);
  optimizer.step(model, workspace.gradients(), 0.1, workspace.threads());
}

} // namespace

TEST_CASE("batch normalisation: training brings every channel to the mean beta and the deviation gamma") {
  const Model model = seasoned(Model({channels}, {batch_normalization({.epsilon = 1e-9})}));
  const auto gamma = values_of(model, 0), beta = values_of(model, 1);
  const auto x = random_values(pictures * channels, 3, -4, 9);
  Workspace workspace(Plan(model, {.batch = pictures, .training = true}));
  std::ranges::copy(x, workspace.input(pictures).begin());
  const auto y = workspace.forward(model, pictures);
  for (std::size_t c = 0; c < channels; ++c) {
    const auto [mean, variance] = statistics({y.begin(), y.end()}, c);
    CHECK(mean == Approx(beta[c]).margin(1e-6));
    CHECK(std::sqrt(variance) == Approx(gamma[c]).epsilon(1e-5));
  }
}

TEST_CASE("batch normalisation: a step moves the statistics by 1 - momentum towards the batch's, and nothing else") {
  Model model = seasoned(Model({channels}, {batch_normalization({.momentum = 0.75})}));
  const Model before = model;
  Workspace workspace(Plan(model, {.batch = pictures, .training = true}));
  Optimizer optimizer(model, {.kind = OptimizerKind::sgd});
  const auto x = random_values(pictures * channels, 3, -4, 9);
  auto mean = widened(values_of(model, 2)), variance = widened(values_of(model, 3));
  for (int step = 0; step < 3; ++step) {
    measure(model, workspace, optimizer, x);
    for (std::size_t c = 0; c < channels; ++c) {
      const auto [batch_mean, batch_variance] = statistics(x, c);
      mean[c] += 0.25 * (batch_mean - mean[c]);
      variance[c] += 0.25 * (batch_variance - variance[c]);
    }
    CHECK(close<float>(values_of(model, 2), mean, {.c = 16}));
    CHECK(close<float>(values_of(model, 3), variance, {.c = 16}));
  }
  CHECK(model.parameters()[0] == before.parameters()[0]);
  CHECK(model.parameters()[1] == before.parameters()[1]);
  CHECK_FALSE(before.parameters()[2] == model.parameters()[2]); // a copy has statistics of its own
}

TEST_CASE("batch normalisation: inference uses the moving statistics, whatever else is in the batch") {
  const Model model = seasoned(Model({channels}, {batch_normalization({.activation = Activation::relu})}));
  const auto gamma = values_of(model, 0), beta = values_of(model, 1), mean = values_of(model, 2),
             variance = values_of(model, 3);
  const auto x = random_values(2 * channels, 77);
  std::vector<double> expected;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto c = i % channels;
    const double xhat = (double{x[i]} - double{mean[c]}) / std::sqrt(double{variance[c]} + 1e-3);
    expected.push_back(std::max(0.0, double{gamma[c]} * xhat + double{beta[c]}));
  }
  CHECK(close<float>(answers(model, 2), expected, {.c = 8}));
}

TEST_CASE("batch normalisation: frozen, it is a scale and a shift by the moving statistics, which stay") {
  Model model = seasoned(Model({4}, {dense({.units = channels}), batch_normalization()}));
  const Model before = model;
  Workspace workspace(Plan(model, {.batch = pictures, .training = true, .frozen = {false, true}}));
  Optimizer optimizer(model, {.kind = OptimizerKind::sgd}, {false, false, true, true, true, true});
  const auto x = random_values(pictures * 4, 3);
  const auto dy = random_values(pictures * channels, 5);
  std::ranges::copy(x, workspace.input(pictures).begin());
  workspace.zero_gradients();
  const auto y = workspace.forward(model, pictures);
  Workspace inference(Plan(model, {.batch = pictures}));
  std::ranges::copy(x, inference.input(pictures).begin());
  CHECK(std::ranges::equal(y, inference.forward(model, pictures)));

  std::ranges::copy(dy, workspace.output_gradient(pictures).begin());
  workspace.backward(model, pictures);
  // The bias of the layer before sees the sum over the pictures of dx = dy gamma / sqrt(variance + epsilon).
  const auto gamma = values_of(model, 2), variance = values_of(model, 5);
  std::vector<double> expected(channels, 0);
  for (std::size_t i = 0; i < dy.size(); ++i)
    expected[i % channels] +=
        double{dy[i]} * double{gamma[i % channels]} / std::sqrt(double{variance[i % channels]} + 1e-3);
  CHECK(close<float>(workspace.gradients()[1].span(), expected, {.c = 16}));
  optimizer.step(model, workspace.gradients(), 0.1, 1);
  for (std::size_t i = 0; i < 6; ++i) CHECK((model.parameters()[i] == before.parameters()[i]) == (i >= 2));
}

TEST_CASE("batch normalisation: each keeps its batch's statistics in a place of its own, in training alone") {
  const Model model({6, 5, 2}, {batch_normalization(), conv2d({.filters = 7}), batch_normalization(),
                                global_average_pooling2d(), batch_normalization(), dense({.units = 2})});
  CHECK(Plan(model, {.batch = 3}).kept_floats() == 0);
  const Plan plan(model, {.batch = 3, .training = true});
  CHECK(plan.kept_floats() == 3 * 16); // 2 * 2, 2 * 7 and 2 * 7, each from a cache line on
  std::size_t end = 0;
  for (const auto& step : plan.steps()) {
    if (step.kept_floats == 0) continue;
    CHECK(step.kept >= end);
    end = step.kept + step.kept_floats;
  }
  CHECK(end <= plan.kept_floats());
}

TEST_CASE("batch normalisation: its settings go into a file and back, and bad ones are refused") {
  const auto layer = batch_normalization({.momentum = 0.5, .epsilon = 0.25, .activation = Activation::relu});
  const auto again = make_layer("BatchNormalization", layer->settings());
  CHECK(again->settings() == layer->settings());
  CHECK(make_layer("BatchNormalization", {})->settings() == batch_normalization()->settings());
  CHECK_THROWS_WITH(batch_normalization({.momentum = 1}), Contains("momentum is 1"));
  CHECK_THROWS_WITH(batch_normalization({.momentum = NAN}), Contains("momentum"));
  CHECK_THROWS_WITH(batch_normalization({.epsilon = 0}), Contains("epsilon is 0"));
  CHECK_THROWS_WITH(make_layer("BatchNormalization", {{"axis", std::int64_t{1}}}), Contains("axis"));
  const Model model({3}, {batch_normalization({.momentum = 0.75})});
  CHECK(model.parameter_count(ParameterRole::trained) == 6);
  CHECK(model.parameter_count(ParameterRole::statistic) == 6);
  CHECK(model.parameters()[3].rate == 0.25f);
  CHECK(values_of(model, 3) == std::vector<float>(3, 1.0f));
}
