// SPDX-License-Identifier: Apache-2.0
// Whether networks learn, and dropout means what it should.
#include "mien/emotion/generated_faces.hpp"
#include "mien/nn/layers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random.hpp"
#include "tests/support/training.hpp"

#include <cmath>
#include <numeric>

using namespace mien;
using namespace mien::test;

namespace {

constexpr int side = 24;

Model small_network(double dropout_rate) {
  return Model({side, side, 1}, {
                                    conv2d({.filters = 8, .strides = {2, 2}, .activation = Activation::relu}),
                                    conv2d({.filters = 16, .activation = Activation::relu}),
                                    max_pooling2d(),
                                    dropout({.rate = dropout_rate}),
                                    flatten(),
                                    dense({.units = 32, .activation = Activation::relu}),
                                    dense({.units = 7}),
                                });
}

/// Faces as a network sees them.
struct Batch {
  std::vector<float> x;
  std::vector<std::int32_t> labels;
  std::vector<std::uint32_t> samples;

  explicit Batch(const Dataset& faces) {
    for (const std::uint8_t pixel : faces.pixels) x.push_back(static_cast<float>(pixel) / 255);
    labels.assign(faces.labels.begin(), faces.labels.end());
    samples.resize(labels.size());
    std::iota(samples.begin(), samples.end(), 0u);
  }
};

/// Trains for some epochs, 8 faces a step in an order of its own each epoch; returns the last step's loss.
double train(Model& model, const Batch& faces, std::uint32_t epochs, int threads) {
  constexpr std::size_t most = 8;
  Optimizer adam(model, {});
  Workspace workspace(Plan(model, {.batch = most, .training = true}), threads);
  std::vector<std::uint32_t> order = faces.samples;
  double loss = 0;
  for (std::uint32_t epoch = 0; epoch < epochs; ++epoch) {
    Rng rng(1, Purpose::shuffle, epoch);
    for (std::size_t i = order.size(); i > 1; --i)
      std::swap(order[i - 1], order[rng.below(static_cast<std::uint32_t>(i))]);
    for (std::size_t first = 0; first < order.size(); first += most) {
      const auto samples = std::span(order).subspan(first, std::min(most, order.size() - first));
      std::vector<float> x;
      std::vector<std::int32_t> labels;
      for (const std::uint32_t sample : samples) {
        x.insert(x.end(), faces.x.begin() + sample * side * side, faces.x.begin() + (sample + 1) * side * side);
        labels.push_back(faces.labels[sample]);
      }
      loss = train_step(model, workspace, adam, 0.005, x, labels, {.seed = 1, .epoch = epoch, .samples = samples});
    }
  }
  return loss;
}

double accuracy(const Model& model, const Batch& faces) {
  const auto n = static_cast<std::int64_t>(faces.labels.size());
  Workspace workspace(Plan(model, {.batch = n}));
  std::ranges::copy(faces.x, workspace.input(n).begin());
  const View<const float> logits = workspace.forward(model, n);
  double right = 0;
  for (std::size_t i = 0; i < faces.labels.size(); ++i) {
    const auto row = logits.span().subspan(i * 7, 7);
    right += std::ranges::max_element(row) - row.begin() == faces.labels[i];
  }
  return right / static_cast<double>(n);
}

} // namespace

TEST_CASE("learning: one batch is learnt by heart") {
  const Batch batch(generated_dataset(2, 1, side));
  Model model = small_network(0);
  Optimizer adam(model, {});
  Workspace workspace(Plan(model, {.batch = 14, .training = true}));
  double loss = 1;
  for (int step = 0; step < 100 && loss >= 0.01; ++step) { // it takes about 45
    loss = train_step(model, workspace, adam, 0.005, batch.x, batch.labels, {.samples = batch.samples});
  }
  CHECK(loss < 0.01);
}

TEST_CASE("learning: generated faces are learnt, and unseen ones are named far better than by chance") {
  const Batch faces(generated_dataset(30, 1, side)), unseen(generated_dataset(10, 1, side, first_test_index));
  Model model = small_network(0.1);
  train(model, faces, 15, 1);
  CHECK(accuracy(model, faces) > 0.8);
  CHECK(accuracy(model, unseen) > 0.45); // chance is 0.14
}

TEST_CASE("learning: the same bits after two epochs with one, two and three threads") {
  const Batch faces(generated_dataset(3, 1, side)); // 21 faces: the last step of an epoch is a short one
  Model one = small_network(0.25), two = one, three = one;
  const double loss = train(one, faces, 2, 1);
  CHECK(train(two, faces, 2, 2) == loss);
  CHECK(train(three, faces, 2, 3) == loss);
  CHECK(std::ranges::equal(one.parameters(), two.parameters()));
  CHECK(std::ranges::equal(one.parameters(), three.parameters()));
}

TEST_CASE("learning: dropout drops its share, by draws that name picture and epoch, and backwards the same") {
  constexpr std::int64_t units = 4000;
  constexpr float scale = 1 / (1 - 0.2f);
  Model model({1}, {dense({.units = units}), dropout({.rate = 0.2})});
  std::ranges::fill(model.parameters()[1].value.view<float>(), 1.0f); // the bias, which is all that dropout sees
  Workspace workspace(Plan(model, {.batch = 2, .training = true}));
  const auto dropped = [&](std::uint32_t epoch, std::vector<std::uint32_t> samples) {
    const auto n = static_cast<std::int64_t>(samples.size());
    const Draws draws{.seed = 3, .epoch = epoch, .samples = samples};
    std::ranges::fill(workspace.input(n), 0.0f);
    const auto y = workspace.forward(model, n, draws);
    std::vector<float> result(y.begin(), y.end());
    std::ranges::fill(workspace.output_gradient(n), 1.0f);
    workspace.zero_gradients();
    workspace.backward(model, n, draws);
    return std::pair(result, std::vector<float>(workspace.gradients()[1].begin(), workspace.gradients()[1].end()));
  };

  const auto [y, gradient] = dropped(0, {4});
  CHECK(gradient == y); // the same mask and the same scale
  const auto kept = std::ranges::count(y, scale);
  CHECK(std::ranges::count(y, 0.0f) + kept == units);
  CHECK(std::abs(static_cast<double>(kept) / units - 0.8) < 5 * std::sqrt(0.8 * 0.2 / units));
  CHECK(dropped(1, {4}).first != y);
  CHECK(dropped(0, {5}).first != y);
  const auto both = dropped(0, {5, 4}).first;
  CHECK(std::equal(y.begin(), y.end(), both.begin() + units)); // wherever in a batch the picture stands
}
