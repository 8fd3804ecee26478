// SPDX-License-Identifier: Apache-2.0
// How much a network computes: figures that can be counted by hand.
#include "mien/nn/flop.hpp"
#include "mien/nn/layers.hpp"
#include "mien/nn/networks.hpp"
#include "tests/support/catch.hpp"

using namespace mien;

TEST_CASE("flop: each kind of layer counts twice its products, and twice as many on the way back") {
  const Model model({6, 5, 2},
                    {conv2d({.filters = 3, .kernel_size = {3, 2}, .strides = {2, 1}, .padding = Padding::same}),
                     depthwise_conv2d({.kernel_size = {3, 3}, .use_bias = false}), relu(), flatten(),
                     dense({.units = 4})});
  const auto of = [&](std::size_t node) { return flop_of(model, model.nodes()[node]); };
  CHECK(of(0).forward == 2 * (3 * 5) * (3 * 2 * 2 * 3));
  CHECK(of(0).backward == of(0).forward); // the way back to the pictures is not gone
  CHECK(of(1).forward == 2 * (1 * 3) * (3 * 3 * 3));
  CHECK(of(1).backward == 2 * of(1).forward);
  CHECK((of(2).training() == 0 && of(3).training() == 0));
  CHECK(of(4).forward == 2 * (1 * 3 * 3) * 4);
  CHECK(of(4).training() == 3 * of(4).forward);
  CHECK(flop_of(model).forward == of(0).forward + of(1).forward + of(4).forward);
  CHECK(flop_of(model).backward == of(0).backward + of(1).backward + of(4).backward);
}

TEST_CASE("flop: the networks' figures that documents name") {
  const auto rounded = [](double flop) { return static_cast<int>(flop / 1e4 + 0.5) / 100.0; }; // in millions
  CHECK(rounded(flop_of(network_named("seed")).forward) == 173.52);
  CHECK(rounded(flop_of(network_named("seed")).training()) == 519.34);
  CHECK(flop_of(network_named("vgg8")).training() == Approx(703.4e6).epsilon(1e-4));
}
