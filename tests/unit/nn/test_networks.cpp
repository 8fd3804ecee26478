// SPDX-License-Identifier: Apache-2.0
// The networks by name: how large they are, what they take, what they give.
#include "mien/core/error.hpp"
#include "mien/nn/networks.hpp"
#include "mien/nn/plan.hpp"
#include "tests/support/catch.hpp"

#include <set>

using namespace mien;
using Catch::Matchers::Contains;

TEST_CASE("networks: each has the parameters that its description promises") {
  const auto trained = [](const char* name, const NetworkOptions& options = {}) {
    return network_named(name, options).parameter_count(ParameterRole::trained);
  };
  CHECK(trained("seed") == 2'489'095);
  CHECK(trained("vgg8") == 1'174'439);
  CHECK(trained("vgg8-64") == 4'689'735);
  CHECK(trained("residual") == 1'227'623);
  CHECK(trained("tiny") == 72'071);
  CHECK(trained("vgg8", {.channels = 3}) == 1'174'439 + 2 * 9 * 32);
  CHECK(trained("vgg8", {.classes = 9}) == 1'174'439 + 2 * 257);
  CHECK(network_named("seed").parameter_count(ParameterRole::statistic) == 0);
  CHECK(network_named("vgg8").parameter_count(ParameterRole::statistic) == 4 * (32 + 64 + 128 + 256));
}

TEST_CASE("networks: each takes grey pictures or coloured ones of 48x48 and gives a number a class") {
  std::set<std::string_view> names;
  for (const auto& network : named_networks()) {
    CAPTURE(network.name);
    CHECK(names.insert(network.name).second);
    CHECK_FALSE(network.about.empty());
    for (const std::int64_t channels : {1, 3}) {
      const Model model = network_named(network.name, {.classes = 4, .channels = channels});
      CHECK(model.input_shape() == Shape{48, 48, channels});
      CHECK(model.output_shape() == Shape{4});
      CHECK_NOTHROW(Plan(model, {.batch = 2, .training = true}));
    }
  }
  CHECK(names.contains("vgg8-64"));
}

TEST_CASE("networks: the seed decides the first weights, and seed_network is `seed`") {
  const Model one = network_named("tiny", {.seed = 3}), same = network_named("tiny", {.seed = 3}),
              other = network_named("tiny", {.seed = 4});
  CHECK(std::ranges::equal(one.parameters(), same.parameters()));
  CHECK_FALSE(one.parameters()[0] == other.parameters()[0]);
  CHECK(std::ranges::equal(seed_network(5, 3).parameters(),
                           network_named("seed", {.classes = 5, .seed = 3}).parameters()));
}

TEST_CASE("networks: what there is not is refused in words") {
  CHECK_THROWS_WITH(network_named("vgg9"), Contains("\"vgg9\"") && Contains("seed, vgg8, vgg8-64, residual, tiny"));
  CHECK_THROWS_WITH(network_named("tiny", {.classes = 1}), Contains("1 classes asked for"));
  CHECK_THROWS_WITH(network_named("tiny", {.channels = 2}), Contains("2 channels"));
}
