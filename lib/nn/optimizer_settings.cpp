// SPDX-License-Identifier: Apache-2.0
// What an optimiser's numbers may be.
#include "mien/nn/optimizer.hpp"

#include "mien/core/error.hpp"

#include <array>
#include <cmath>

namespace mien {
namespace {

constexpr std::array<std::string_view, 3> names{"adam", "adamw", "sgd"};

void expect_share(const char* name, double value) {
  if (!(value >= 0 && value < 1)) // NaN is not
    throw Error(concat("optimizer: ", name, " is ", value, ", it must be at least 0 and less than 1"));
}

void expect_at_least_0(const char* name, double value) {
  if (!(value >= 0 && std::isfinite(value)))
    throw Error(concat("optimizer: ", name, " is ", value, ", it must be a number that is at least 0"));
}

} // namespace

std::string_view name_of(OptimizerKind kind) noexcept { return names[static_cast<std::size_t>(kind)]; }

OptimizerKind optimizer_named(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return static_cast<OptimizerKind>(i);
  throw Error(concat("there is no optimizer \"", name, "\"; there are adam, adamw and sgd"));
}

void check(const OptimizerSettings& settings) {
  expect_share("beta_1", settings.beta_1);
  expect_share("beta_2", settings.beta_2);
  expect_share("momentum", settings.momentum);
  expect_at_least_0("weight_decay", settings.weight_decay);
  expect_at_least_0("l2", settings.l2);
  expect_at_least_0("clip_norm", settings.clip_norm);
  if (!(settings.epsilon > 0 && std::isfinite(settings.epsilon)))
    throw Error(concat("optimizer: epsilon is ", settings.epsilon, ", it must be more than 0"));
  if (settings.kind == OptimizerKind::adam && settings.weight_decay != 0)
    throw Error(concat("optimizer: adam has no weight_decay (", settings.weight_decay,
                       " given); take adamw, or l2 for a penalty in the loss"));
}

} // namespace mien
