// SPDX-License-Identifier: Apache-2.0
// Whether the networks with batch normalisation learn a few faces by heart.
#include "mien/emotion/generated_faces.hpp"
#include "mien/nn/networks.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/training.hpp"

#include <numeric>

using namespace mien;
using namespace mien::test;

TEST_CASE("networks: each loses its loss on seven faces within a few steps") {
  const auto faces = generated_dataset(1);
  std::vector<float> x;
  for (const std::uint8_t pixel : faces.pixels) x.push_back(static_cast<float>(pixel) / 255 - 0.5f);
  std::vector<std::uint32_t> samples(faces.size());
  std::iota(samples.begin(), samples.end(), 0u);
  for (const auto* const name : {"seed", "tiny", "vgg8", "residual", "vgg8-64"}) {
    CAPTURE(name);
    Model model = network_named(name);
    Workspace workspace(Plan(model, {.batch = 7, .training = true}), 2);
    Optimizer adam(model, {});
    double first = 0, last = 0;
    int step = 0;
    for (; step < 60 && (step == 0 || last > first / 10); ++step) {
      const Draws draws{.seed = 1, .epoch = static_cast<std::uint32_t>(step), .samples = samples};
      last = train_step(model, workspace, adam, 1e-3, x, faces.labels, draws);
      if (step == 0) first = last;
    }
    CAPTURE(step, first);
    CHECK(last <= first / 10);
  }
}
