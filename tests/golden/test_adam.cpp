// SPDX-License-Identifier: Apache-2.0
#include "mien/nn/layers.hpp"
#include "mien/nn/optimizer.hpp"
#include "tests/golden/fixture.hpp"
#include "tests/support/close.hpp"

using namespace mien;
using namespace mien::test;

TEST_CASE("golden: ten steps of Adam on two tensors are those of Keras, for gradients from nothing to thousands") {
  const Fixture fixture("adam");
  Model model = fixture.model({8}, {dense({.units = 5})});
  Optimizer adam(model, {.beta_1 = 0.9f, .beta_2 = 0.999f}); // as adam_of() in make_fixtures.py
  for (int step = 0; step < 10; ++step) {
    std::vector<Tensor> gradients;
    std::vector<View<float>> views;
    for (const Parameter& parameter : model.parameters()) {
      gradients.emplace_back(parameter.value.shape());
      const auto values = fixture["gradient/" + parameter.name + "/" + std::to_string(step)];
      std::ranges::copy(values, gradients.back().view<float>().begin());
    }
    for (Tensor& gradient : gradients) views.emplace_back(gradient);
    adam.step(model, views, 0.001f, 1);
    for (const Parameter& parameter : model.parameters()) {
      CAPTURE(step, parameter.name);
      const auto expected = fixture.expected("after/" + parameter.name + "/" + std::to_string(step));
      CHECK(close<float>(parameter.value.view<float>().span(), expected, Bound{.c = 8}));
    }
  }
  CHECK(adam.steps() == 10);
}

TEST_CASE("adam: the first step moves every weight by the learning rate, whatever its gradient's size") {
  Model model({1}, {dense({.units = 2})});
  const Model before = model;
  Optimizer adam(model, {});
  Tensor dw(Shape{1, 2}), db(Shape{2});
  dw.view<float>()[0] = 1e-1f;
  dw.view<float>()[1] = -1e4f;
  const std::vector<View<float>> gradients{dw, db};
  adam.step(model, gradients, 0.25, 1);
  const auto moved = [&](std::size_t i) {
    return model.parameters()[0].value.view<float>()[i] - before.parameters()[0].value.view<float>()[i];
  };
  CHECK(moved(0) == Approx(-0.25).epsilon(1e-3));
  CHECK(moved(1) == Approx(0.25).epsilon(1e-4));
  CHECK(model.parameters()[1] == before.parameters()[1]);
}
