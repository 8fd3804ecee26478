// SPDX-License-Identifier: Apache-2.0
// Models with batch normalisations that have seen something.
#pragma once

#include "mien/nn/layers.hpp"
#include "mien/nn/workspace.hpp"
#include "tests/support/random.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

namespace mien::test {

/// Gives scales, shifts and statistics values as training leaves them: no two channels alike, variances above 0.
inline Model seasoned(Model model) {
  std::uint64_t seed = 1;
  for (auto& parameter : model.parameters()) {
    const std::string_view name = parameter.name;
    if (parameter.value.shape().rank() > 1) continue;
    const bool scales = name.ends_with("gamma") || name.ends_with("moving_variance");
    const auto values = random_values(parameter.value.shape().size(), ++seed, scales ? 0.5f : -0.5f, scales ? 2 : 0.5f);
    std::ranges::copy(values, parameter.value.view<float>().begin());
  }
  return model;
}

/// What the model answers to `n` pictures of random numbers, in inference.
inline std::vector<float> answers(const Model& model, std::int64_t n = 3, int threads = 1) {
  Workspace workspace(Plan(model, {.batch = n}), threads);
  std::ranges::copy(random_values(workspace.input(n).shape().size(), 77), workspace.input(n).begin());
  const auto y = workspace.forward(model, n);
  return {y.begin(), y.end()};
}

inline std::ptrdiff_t count_of(const Model& model, std::string_view type) {
  return std::ranges::count_if(model.nodes(), [&](const auto& node) { return node.layer->type() == type; });
}

} // namespace mien::test
