// SPDX-License-Identifier: Apache-2.0
// What an optimiser and an average move, what they leave alone, and what they keep.
#include "mien/core/error.hpp"
#include "mien/nn/layers.hpp"
#include "mien/nn/optimizer.hpp"
#include "mien/nn/weight_average.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random.hpp"

#include <algorithm>
#include <cmath>

using namespace mien;
using namespace mien::test;
using Catch::Contains;

namespace {

constexpr std::int64_t many = 70'000; // several pieces, the last one short

/// A scale that is trained and a mean that is measured, as batch normalisation has.
class Normaliser final : public Layer {
public:
  std::string_view type() const noexcept override { return "Normaliser"; }
  Settings settings() const override { return {}; }
  Shape output_shape(std::span<const Shape> inputs) const override { return inputs[0]; }
  std::vector<ParameterSpec> parameters(std::span<const Shape>) const override {
    return {{.name = "gamma", .shape = {many}, .initializer = Initializer::glorot_uniform},
            {.name = "mean", .shape = {3}, .role = ParameterRole::statistic}};
  }
  void forward(const ForwardPass&) const override {}
  void backward(const BackwardPass&) const override {}
};

/// Parameters: normaliser/gamma, normaliser/mean, dense/kernel, dense/bias.
Model model_with_all_roles() { return Model({4}, {std::make_shared<Normaliser>(), dense({.units = 2})}); }

/// Random gradients, one a parameter.
struct Gradients {
  explicit Gradients(const Model& model) {
    std::uint32_t seed = 1;
    for (const auto& parameter : model.parameters()) {
      tensors.emplace_back(parameter.value.shape());
      std::ranges::copy(random_values(parameter.value.shape().size(), seed++), tensors.back().view<float>().begin());
    }
    for (auto& tensor : tensors) views.emplace_back(tensor);
  }
  std::vector<Tensor> tensors;
  std::vector<View<float>> views;
};

double length_of(const Tensor& tensor) {
  double sum = 0;
  for (const float x : tensor.view<float>()) sum += static_cast<double>(x) * static_cast<double>(x);
  return std::sqrt(sum);
}

/// Three steps of every kind, with all that the settings offer.
std::vector<OptimizerSettings> all_settings() {
  return {{.l2 = 0.01, .decayed = {"all"}, .clip_norm = 20},
          {.kind = OptimizerKind::adamw, .weight_decay = 0.1, .clip_norm = 20},
          {.kind = OptimizerKind::sgd, .weight_decay = 0.1, .clip_norm = 20}};
}

void steps(Optimizer& optimizer, Model& model, int count, int threads = 1) {
  const Gradients gradients(model);
  for (int i = 0; i < count; ++i) optimizer.step(model, gradients.views, 0.1, threads);
}

} // namespace

TEST_CASE("optimizer: no bit depends on threads, and a kept state goes on to the same ones") {
  for (const auto& settings : all_settings()) {
    CAPTURE(name_of(settings.kind));
    Model expected = model_with_all_roles();
    Optimizer whole(expected, settings);
    steps(whole, expected, 5, 1);

    Model model = model_with_all_roles();
    Optimizer first(model, settings);
    steps(first, model, 2, 3);
    std::vector<Tensor> kept;
    for (const auto& slot : first.slots()) kept.push_back(slot.value);
    Optimizer second(model, settings);
    second.restore(first.steps(), kept);
    steps(second, model, 3, 2);
    CHECK(std::ranges::equal(model.parameters(), expected.parameters()));
    CHECK(second.steps() == 5);
    CHECK(second.last_gradient_norm() == whole.last_gradient_norm());
  }
}

TEST_CASE("optimizer: statistics take their step as it is, and do not count in the norm") {
  for (const auto& settings : all_settings()) {
    Model model = model_with_all_roles();
    Optimizer optimizer(model, settings);
    const Gradients gradients(model);
    optimizer.step(model, gradients.views, 0.1, 1);
    const auto mean = model.parameters()[1].value.view<float>();
    CHECK(std::ranges::equal(mean, gradients.views[1], [](float w, float g) { return w == -g; }));
    const double expected =
        std::hypot(length_of(gradients.tensors[0]), length_of(gradients.tensors[2]), length_of(gradients.tensors[3]));
    CHECK(optimizer.last_gradient_norm() == Approx(expected).epsilon(1e-12));
    CHECK(std::ranges::none_of(optimizer.slots(), [](const auto& slot) { return slot.name.ends_with("mean"); }));
  }
}

TEST_CASE("optimizer: frozen parameters are left alone, statistics too, and do not count in the norm") {
  Model model = model_with_all_roles();
  const Model before = model;
  Optimizer optimizer(model, {.kind = OptimizerKind::adamw, .weight_decay = 0.1, .decayed = {"all"}},
                      {true, true, true, false});
  steps(optimizer, model, 1);
  for (const std::size_t i : {0u, 1u, 2u}) CHECK(model.parameters()[i] == before.parameters()[i]);
  CHECK_FALSE(model.parameters()[3] == before.parameters()[3]);
  CHECK(optimizer.last_gradient_norm() == Approx(length_of(Gradients(model).tensors[3])).epsilon(1e-12));
  REQUIRE(optimizer.slots().size() == 2);
  CHECK(optimizer.slots()[0].name == "m/dense/bias");
  CHECK(optimizer.slots()[1].name == "v/dense/bias");
}

TEST_CASE("optimizer: only the parameters chosen decay") {
  Model model = model_with_all_roles();
  const Model before = model;
  Gradients gradients(model);
  for (auto& tensor : gradients.tensors) std::ranges::fill(tensor.view<float>(), 0.0f);
  const auto moved = [&](std::vector<std::string> decayed) {
    model = before;
    Optimizer optimizer(
        model, {.kind = OptimizerKind::sgd, .nesterov = false, .weight_decay = 0.5, .decayed = std::move(decayed)});
    optimizer.step(model, gradients.views, 0.5, 1);
    std::string letters;
    for (std::size_t i = 0; i < 4; ++i) letters += model.parameters()[i] == before.parameters()[i] ? '-' : 'x';
    return letters;
  };
  CHECK(moved({"kernel"}) == "--x-"); // biases are zero, and cannot shrink
  CHECK(moved({"gamma", "bias"}) == "x---");
  CHECK(moved({"dense/kernel"}) == "--x-");
  CHECK(moved({"all"}) == "x-x-"); // statistics never do
  CHECK_THROWS_WITH(moved({"ernel"}), Contains("names no parameter"));
  CHECK_THROWS_WITH(moved({}), Contains("names no parameter"));
  CHECK(model.parameters()[2].value.view<float>()[0] == before.parameters()[2].value.view<float>()[0]);
}

TEST_CASE("optimizer: the penalty is l2 times the squares of the weights chosen, and its gradient the derivative") {
  Model model = model_with_all_roles();
  Optimizer optimizer(model, {.kind = OptimizerKind::sgd, .momentum = 0, .l2 = 0.25});
  const double length = length_of(model.parameters()[2].value);
  CHECK(optimizer.penalty(model, 2) == Approx(0.25 * length * length));
  Gradients gradients(model);
  for (auto& tensor : gradients.tensors) std::ranges::fill(tensor.view<float>(), 0.0f);
  optimizer.step(model, gradients.views, 0.5, 1); // w - 0.5 * 2 * 0.25 w
  CHECK(length_of(model.parameters()[2].value) == Approx(0.75 * length).epsilon(1e-6));
  CHECK(optimizer.last_gradient_norm() == 0);
  CHECK(Optimizer(model, {}).penalty(model, 1) == 0);
}

TEST_CASE("optimizer: what does not fit is refused in words") {
  Model model = model_with_all_roles();
  const Gradients gradients(model);
  Optimizer optimizer(model, {});
  CHECK_THROWS_WITH(optimizer.step(model, std::span(gradients.views).first(3), 0.1, 1), Contains("3 gradients"));
  auto wrong = gradients.views;
  wrong[2] = wrong[3];
  CHECK_THROWS_WITH(optimizer.step(model, wrong, 0.1, 1), Contains("dense/kernel is 4x2") && Contains("2;"));
  CHECK(optimizer.steps() == 0);
  CHECK_THROWS_WITH(optimizer.restore(1, {}), Contains("another network"));
  CHECK_THROWS_WITH(Optimizer(model, {}, {true}), Contains("1 marks"));
  CHECK_THROWS_WITH(Optimizer(model, {.weight_decay = 0.1}), Contains("take adamw"));
  CHECK_THROWS_WITH(check(OptimizerSettings{.beta_1 = 1}), Contains("beta_1 is 1"));
  CHECK_THROWS_WITH(check(OptimizerSettings{.momentum = NAN}), Contains("momentum"));
  CHECK_THROWS_WITH(check(OptimizerSettings{.clip_norm = -1}), Contains("clip_norm is -1"));
  CHECK_THROWS_WITH(check(OptimizerSettings{.epsilon = 0}), Contains("epsilon"));
  CHECK(optimizer_named("adamw") == OptimizerKind::adamw);
  CHECK_THROWS_WITH(optimizer_named("adan"), Contains("\"adan\"") && Contains("adamw"));
}

TEST_CASE("weight average: statistics stay the model's, no bit depends on threads, and a kept state goes on") {
  Model model = model_with_all_roles();
  Optimizer optimizer(model, {});
  WeightAverage whole(model, 0.9), first(model, 0.9), second(model, 0.9);
  Model averaged = model;
  for (int step = 0; step < 4; ++step) {
    steps(optimizer, model, 1);
    whole.update(model, 1);
    if (step == 2) {
      std::vector<Tensor> kept;
      for (const auto& average : first.averages()) kept.push_back(average.value);
      second.restore(first.updates(), kept);
    }
    (step < 2 ? first : second).update(model, 3);
  }
  CHECK(second.updates() == 4);
  CHECK(std::ranges::equal(second.averages(), whole.averages()));
  second.apply(averaged);
  CHECK(averaged.parameters()[2] == whole.averages()[1]);
  CHECK_FALSE(averaged.parameters()[2] == model.parameters()[2]);
  CHECK(averaged.parameters()[1] == model_with_all_roles().parameters()[1]); // the copy's own statistics
}

TEST_CASE("weight average: what does not fit is refused in words") {
  Model model = model_with_all_roles();
  WeightAverage average(model, 0.9);
  Model other({4}, {dense({.units = 2})});
  CHECK_THROWS_WITH(average.update(other, 1), Contains("normaliser/gamma (70000)"));
  CHECK_THROWS_WITH(average.apply(other), Contains("normaliser/gamma"));
  CHECK_THROWS_WITH(average.restore(1, {}), Contains("another network"));
  CHECK_THROWS_WITH(WeightAverage(model, 1), Contains("a decay of 1"));
}
