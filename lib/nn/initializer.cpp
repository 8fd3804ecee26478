// SPDX-License-Identifier: Apache-2.0
#include "mien/nn/initializer.hpp"

#include "mien/core/error.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace mien {
namespace {

constexpr std::array<std::string_view, 8> names{"zeros",      "ones",      "glorot_uniform", "glorot_normal",
                                                "he_uniform", "he_normal", "lecun_uniform",  "lecun_normal"};

double variance(Initializer initializer, double fan_in, double fan_out) {
  switch (initializer) {
  case Initializer::glorot_uniform:
  case Initializer::glorot_normal: return 2 / (fan_in + fan_out);
  case Initializer::he_uniform:
  case Initializer::he_normal: return 2 / fan_in;
  default: return 1 / fan_in;
  }
}

bool is_uniform(Initializer initializer) {
  return initializer == Initializer::glorot_uniform || initializer == Initializer::he_uniform ||
         initializer == Initializer::lecun_uniform;
}

float truncated_normal(Rng& rng) {
  float z = rng.normal();
  while (std::abs(z) > 2) z = rng.normal();
  return z;
}

} // namespace

std::string_view name_of(Initializer initializer) noexcept { return names[static_cast<std::size_t>(initializer)]; }

Initializer initializer_named(std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found != names.end()) return static_cast<Initializer>(found - names.begin());
  std::string known;
  for (const auto each : names) known += (known.empty() ? "" : ", ") + std::string(each);
  throw Error(concat("there is no initializer \"", name, "\"; there are ", known));
}

void initialize(View<float> w, Initializer initializer, std::int64_t fan_in, std::int64_t fan_out, Rng rng) {
  if (initializer == Initializer::zeros || initializer == Initializer::ones) {
    std::ranges::fill(w, initializer == Initializer::ones ? 1.0f : 0.0f);
    return;
  }
  const auto var = variance(initializer, static_cast<double>(fan_in), static_cast<double>(fan_out));
  if (is_uniform(initializer)) {
    const auto limit = static_cast<float>(std::sqrt(3 * var));
    std::ranges::generate(w, [&] { return rng.uniform(-limit, limit); });
  } else {
    // What cutting a normal distribution at two deviations leaves of its deviation.
    constexpr double left = 0.87962566103423978;
    const auto deviation = static_cast<float>(std::sqrt(var) / left);
    std::ranges::generate(w, [&] { return deviation * truncated_normal(rng); });
  }
}

} // namespace mien
