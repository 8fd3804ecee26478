// SPDX-License-Identifier: Apache-2.0
// Whether a network computes and learns what Keras's does.
#pragma once

#include "tests/golden/fixture.hpp"
#include "tests/support/close.hpp"
#include "tests/support/kernel_sets.hpp"
#include "tests/support/training.hpp"

#include <cmath>

namespace mien::test {

/// The fixture's loss, logits and gradients, then ten steps of Adam: every loss, and the parameters at the end.
///
/// No gradient may be off by more than `c` roundings of the largest one of its tensor.
inline void check_network(const Fixture& fixture, Model model, double c = 16) {
  const auto x = fixture["x"];
  const auto labels = fixture.operator[]<std::int32_t>("labels");
  const auto losses = fixture.expected("losses");
  Workspace workspace(Plan(model, {.batch = 8, .training = true})); // room for more than there are
  const auto n = static_cast<std::int64_t>(labels.size());
  const std::vector<std::uint32_t> samples(labels.size());
  const Draws draws{.samples = samples}; // for dropout, which drops nothing here

  const double loss = loss_and_gradients(model, workspace, x, labels, draws);
  CHECK(std::abs(loss - losses[0]) <= 5e-7);
  CHECK(close<float>(workspace.forward(model, n, draws).span(), fixture.expected("logits"), Bound{.c = 16}));
  for (std::size_t i = 0; i < model.parameters().size(); ++i) {
    const auto& name = model.parameters()[i].name;
    CAPTURE(name);
    CHECK(close<float>(workspace.gradients()[i].span(), fixture.expected("gradient/" + name), Bound{.c = c}));
  }

  Optimizer adam(model, {.beta_1 = 0.9f, .beta_2 = 0.999f}); // as adam_of() in make_fixtures.py
  for (std::size_t step = 0; step < losses.size(); ++step) {
    CAPTURE(step);
    CHECK(std::abs(train_step(model, workspace, adam, 0.01f, x, labels, draws) - losses[step]) <= 5e-7);
  }
  for (const Parameter& parameter : model.parameters()) {
    CAPTURE(parameter.name);
    const auto values = parameter.value.view<float>().span();
    CHECK(close<float>(values, fixture.expected("after/" + parameter.name), Bound{.c = 128}));
  }
}

inline void check_with_every_kernel_set(const Fixture& fixture, const Model& model, double c = 16) {
  const std::string_view before = kernels().name;
  for_each_kernel_set([&](const KernelSet& set) {
    use_kernels(set.name);
    check_network(fixture, model, c);
  });
  use_kernels(before);
}

} // namespace mien::test
