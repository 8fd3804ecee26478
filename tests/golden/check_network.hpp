// SPDX-License-Identifier: Apache-2.0
// Whether a network computes and learns what Keras's does.
#pragma once

#include "tests/golden/fixture.hpp"
#include "tests/support/close.hpp"
#include "tests/support/kernel_sets.hpp"
#include "tests/support/training.hpp"

#include <cmath>
#include <string>
#include <string_view>

namespace mien::test {

/// The fixture's loss, logits and gradients, then ten steps of Adam: every loss, and the parameters at the end.
///
/// No gradient may be off by more than `c` roundings of the largest one of its tensor. Adam divides a gradient by its
/// own size, so that one that is nearly zero moves a weight by the sign of its rounding errors: Winograd's are larger.
/// A step left out would be 200 times what it is given here.
inline void check_network(const Fixture& fixture, Model model, double c, std::string_view algorithm) {
  const auto x = fixture["x"];
  const auto labels = fixture.operator[]<std::int32_t>("labels");
  const auto losses = fixture.expected("losses");
  Workspace workspace(
      Plan(model, {.batch = 8, .training = true, .algorithm = std::string(algorithm)})); // room for more than there are
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
    const double step_loss = train_step(model, workspace, adam, 0.01f, x, labels, draws);
    CHECK(std::abs(step_loss - losses[step]) <= (algorithm == "direct" ? 5e-7 : 5e-6));
  }
  for (const Parameter& parameter : model.parameters()) {
    CAPTURE(parameter.name);
    const auto values = parameter.value.view<float>().span();
    CHECK(close<float>(values, fixture.expected("after/" + parameter.name),
                       Bound{.c = algorithm == "direct" ? 128.0 : 2048.0}));
  }
}

inline void check_with_every_kernel_set(const Fixture& fixture, const Model& model, double c = 16) {
  const std::string_view before = kernels().name;
  for_each_kernel_set([&](const KernelSet& set) {
    use_kernels(set.name);
    for (const std::string_view algorithm : {"", "direct"}) {
      CAPTURE(algorithm);
      check_network(fixture, model, c, algorithm);
    }
  });
  use_kernels(before);
}

} // namespace mien::test
