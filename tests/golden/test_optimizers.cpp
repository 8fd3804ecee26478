// SPDX-License-Identifier: Apache-2.0
// Ten steps in a row of every optimiser, and of the average of the weights.
#include "mien/nn/layers.hpp"
#include "mien/nn/optimizer.hpp"
#include "mien/nn/weight_average.hpp"
#include "tests/golden/fixture.hpp"
#include "tests/support/close.hpp"

using namespace mien;
using namespace mien::test;

namespace {

constexpr int steps = 10;

/// As rate_at() in make_optimizer_fixtures.py.
double rate_at(int step) { return 0.05 * (1 - step / 20.0); }

/// Runs the fixture's gradients through an optimiser and calls after(model, step) when each has been used.
template <class F> void run(const Fixture& fixture, const OptimizerSettings& settings, F after) {
  Model model = fixture.model({8}, {dense({.units = 5})});
  Optimizer optimizer(model, settings);
  for (int step = 0; step < steps; ++step) {
    std::vector<Tensor> gradients;
    std::vector<View<float>> views;
    for (const Parameter& parameter : model.parameters()) {
      gradients.emplace_back(parameter.value.shape());
      const auto values = fixture["gradient/" + parameter.name + "/" + std::to_string(step)];
      std::ranges::copy(values, gradients.back().view<float>().begin());
    }
    for (Tensor& gradient : gradients) views.emplace_back(gradient);
    optimizer.step(model, views, rate_at(step), 1);
    after(model, optimizer, step);
  }
}

void check_parameters(const Fixture& fixture, const std::string& kind, const Model& model, int step) {
  for (const Parameter& parameter : model.parameters()) {
    CAPTURE(kind, step, parameter.name);
    const auto expected = fixture.expected(kind + "/" + parameter.name + "/" + std::to_string(step));
    CHECK(close<float>(parameter.value.view<float>().span(), expected, Bound{.c = 16}));
  }
}

} // namespace

TEST_CASE("golden: ten steps of every optimiser are those of PyTorch") {
  const Fixture fixture("optimizers");
  const std::vector<std::pair<std::string, OptimizerSettings>> kinds{
      {"sgd", {.kind = OptimizerKind::sgd, .nesterov = false, .weight_decay = 0.02}},
      {"nesterov", {.kind = OptimizerKind::sgd, .weight_decay = 0.02}},
      {"adamw", {.kind = OptimizerKind::adamw, .weight_decay = 0.3}},
      {"clip", {.clip_norm = 8}},
      {"l2", {.l2 = 0.03}}};
  for (const auto& [kind, settings] : kinds) {
    const auto check_step = [&](const Model& model, const Optimizer& optimizer, int step) {
      check_parameters(fixture, kind, model, step);
      const double norm = fixture.expected("norms")[static_cast<std::size_t>(step)];
      CHECK(std::abs(optimizer.last_gradient_norm() - norm) <= 1e-7 * norm);
    };
    run(fixture, settings, check_step);
  }
}

TEST_CASE("golden: ten updates of the weights' average are those of PyTorch") {
  const Fixture fixture("optimizers");
  Model averaged = fixture.model({8}, {dense({.units = 5})});
  WeightAverage average(averaged, 0.4);
  run(fixture, {.kind = OptimizerKind::sgd, .weight_decay = 0.02}, [&](const Model& model, const Optimizer&, int step) {
    average.update(model, 1);
    average.apply(averaged);
    check_parameters(fixture, "average", averaged, step);
  });
  CHECK(average.updates() == steps);
}
