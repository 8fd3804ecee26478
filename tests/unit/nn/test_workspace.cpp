// SPDX-License-Identifier: Apache-2.0
#include "lib/nn/arena.hpp"
#include "mien/core/error.hpp"
#include "mien/nn/layers.hpp"
#include "mien/nn/networks.hpp"
#include "mien/nn/workspace.hpp"
#include "mien/ops/softmax.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>

using namespace mien;

namespace {

/// A small network with every kind of layer.
Model small_network() {
  return Model({12, 11, 1}, {
                                conv2d({.filters = 5, .activation = Activation::relu}),
                                conv2d({.filters = 9, .padding = Padding::same}),
                                batch_normalization({.momentum = 0.75}),
                                {relu(), "way"},
                                depthwise_conv2d({.padding = Padding::same, .use_bias = false}),
                                batch_normalization({.activation = Activation::relu}),
                                {silu(), "long way"},
                                {add(), "sum", {"way", "long way"}},
                                max_pooling2d(),
                                leaky_relu(),
                                average_pooling2d({.strides = {1, 1}}),
                                {dropout({.rate = 0.25}), "dropped"},
                                flatten(),
                                {dense({.units = 17, .activation = Activation::relu}), "pixels"},
                                {global_average_pooling2d(), "mean", {"dropped"}},
                                {dense({.units = 17}), "means"},
                                {add(), "both", {"pixels", "means"}},
                                dense({.units = 3}),
                            });
}

void fill(View<float> x, std::uint32_t stream) {
  Rng rng(1, Purpose::test, 0, stream);
  std::ranges::generate(x, [&] { return rng.uniform(-1, 1); });
}

/// All gradients and the output of one training step on pictures 0..n-1, as bytes.
std::vector<float> training_bits(const Model& model, std::int64_t n, std::int64_t batch, int threads) {
  Workspace workspace(Plan(model, {.batch = batch, .training = true}), threads);
  std::vector<std::uint32_t> samples(static_cast<std::size_t>(n));
  std::iota(samples.begin(), samples.end(), 0u);
  const Draws draws{.seed = 5, .epoch = 2, .samples = samples};
  for (std::int64_t i = 0; i < n; ++i) {
    const auto picture = model.input_shape().size();
    fill({workspace.input(n).data() + i * picture, Shape{picture}}, static_cast<std::uint32_t>(i));
  }
  workspace.zero_gradients();
  const auto y = workspace.forward(model, n, draws);
  std::vector<float> bits(y.begin(), y.end());
  const std::vector<std::int32_t> labels(static_cast<std::size_t>(n), 1);
  softmax_cross_entropy(workspace.output_gradient(n), y, labels, 1.0 / static_cast<double>(n));
  workspace.backward(model, n, draws);
  for (const auto& gradient : workspace.gradients()) bits.insert(bits.end(), gradient.begin(), gradient.end());
  return bits;
}

/// y = 2 a + 3 b: each input has a derivative of its own.
class Mixture final : public Layer {
public:
  std::string_view type() const noexcept override { return "Mixture"; }
  Settings settings() const override { return {}; }
  Shape output_shape(std::span<const Shape> inputs) const override { return inputs[0]; }
  void forward(const ForwardPass& pass) const override {
    std::ranges::transform(pass.x[0], pass.x[1], pass.y.begin(), [](float a, float b) { return 2 * a + 3 * b; });
  }
  void backward(const BackwardPass& pass) const override {
    for (std::size_t i = 0; i < 2; ++i) {
      const auto factor = static_cast<float>(2 + i);
      if (pass.dx[i].data() == nullptr) continue;
      std::ranges::transform(pass.dy, pass.dx[i].begin(), [&](float dy) { return factor * dy; });
    }
  }
};

} // namespace

TEST_CASE("arena: values that live together never overlap, others share") {
  const std::vector<Lifetime> lifetimes{{100, 0, 1}, {50, 1, 2}, {100, 2, 3}, {7, 0, 3}, {0, 0, 3}};
  const auto arena = lay_out(lifetimes);
  for (std::size_t i = 0; i < lifetimes.size(); ++i) {
    CHECK(arena.offsets[i] % 16 == 0);
    CHECK(arena.offsets[i] + lifetimes[i].floats <= arena.floats);
    for (std::size_t j = 0; j < i; ++j) {
      const bool together = lifetimes[i].first <= lifetimes[j].last && lifetimes[j].first <= lifetimes[i].last;
      const bool apart = arena.offsets[i] + lifetimes[i].floats <= arena.offsets[j] ||
                         arena.offsets[j] + lifetimes[j].floats <= arena.offsets[i];
      CHECK((!together || apart));
    }
  }
  CHECK(arena.offsets[0] == arena.offsets[2]);
  CHECK(arena.floats == 112 + 64 + 16);
}

TEST_CASE("workspace: the same training bits for any number of threads and any planned batch") {
  const Model model = small_network();
  const auto bits = training_bits(model, 7, 7, 1);
  for (const int threads : {2, 3, 8}) CHECK(training_bits(model, 7, 7, threads) == bits);
  CHECK(training_bits(model, 7, 32, 2) == bits);
}

TEST_CASE("workspace: a picture has the same bits alone and in any batch") {
  const Model model = small_network();
  constexpr std::int64_t n = 9;
  const auto picture = model.input_shape().size();
  Workspace many(Plan(model, {.batch = n}), 2);
  fill(many.input(n), 3);
  const std::vector<float> pictures(many.input(n).begin(), many.input(n).end());
  const auto y = many.forward(model, n);
  const std::vector<float> together(y.begin(), y.end());
  Workspace one(Plan(model, {.batch = 1}), 1);
  for (std::int64_t i = 0; i < n; ++i) {
    std::copy_n(pictures.begin() + i * picture, picture, one.input(1).begin());
    const auto alone = one.forward(model, 1);
    CHECK(std::equal(alone.begin(), alone.end(), together.begin() + i * 3));
  }
}

TEST_CASE("workspace: gradients accumulate until they are zeroed") {
  const Model model = small_network();
  Workspace workspace(Plan(model, {.batch = 2, .training = true}));
  const std::vector<std::uint32_t> samples{0, 1};
  const Draws draws{.seed = 1, .samples = samples};
  const auto step = [&] {
    fill(workspace.input(2), 1);
    (void)workspace.forward(model, 2, draws);
    std::ranges::fill(workspace.output_gradient(2), 0.5f);
    workspace.backward(model, 2, draws);
    const auto last = workspace.gradients().back();
    return std::vector<float>(last.begin(), last.end());
  };
  const auto once = step();
  CHECK(once[0] == 1.0f); // db of the last layer is the sum of dy over the batch
  CHECK(step()[0] == 2.0f);
  workspace.zero_gradients();
  CHECK(step() == once);
}

TEST_CASE("workspace: a value with two readers gets the sum of their gradients") {
  const Model model({4}, {{dense({.units = 4}), "a"}, {dense({.units = 4}), "b"}, {add(), "c", {"a", "b"}}});
  Workspace workspace(Plan(model, {.batch = 1, .training = true}));
  fill(workspace.input(1), 1);
  (void)workspace.forward(model, 1);
  std::ranges::fill(workspace.output_gradient(1), 1.0f);
  workspace.backward(model, 1);
  // dL/da = 1 + B^T 1, and a's bias sees exactly that
  const auto b = model.parameters()[2].value.view<float>();
  for (std::size_t i = 0; i < 4; ++i) {
    const float expected = 1 + b[4 * i] + b[4 * i + 1] + b[4 * i + 2] + b[4 * i + 3];
    CHECK(workspace.gradients()[1][i] == Approx(expected).epsilon(1e-5));
  }
}

TEST_CASE("workspace: two inputs of one layer, both with other readers, get each their own sum") {
  const Model model({4}, {{dense({.units = 5}), "a"},
                          {dense({.units = 5}), "b", {"input"}},
                          {std::make_shared<Mixture>(), "mixed", {"a", "b"}},
                          {add(), "sum", {"b", "mixed", "a", "a"}}});
  const std::int64_t n = GENERATE(3, 2); // a full batch, a short one
  Workspace workspace(Plan(model, {.batch = 3, .training = true}));
  fill(workspace.input(n), 1);
  (void)workspace.forward(model, n);
  std::ranges::fill(workspace.output_gradient(n), 1.0f);
  workspace.backward(model, n);
  const auto all = [](View<const float> db, float value) {
    return std::ranges::all_of(db, [&](float x) { return x == value; });
  };
  CHECK(all(workspace.gradients()[1], static_cast<float>(n) * (2 + 2)));
  CHECK(all(workspace.gradients()[3], static_cast<float>(n) * (1 + 3)));
}

TEST_CASE("workspace: inference keeps less than training, and says what it was not made for") {
  const Model model = seed_network(7);
  const Plan inference(model, {.batch = 4});
  const Plan training(model, {.batch = 4, .training = true});
  CHECK(inference.activation_floats() < training.activation_floats());
  CHECK(inference.gradient_floats() == 0);
  Workspace workspace{inference};
  CHECK_THROWS_WITH(workspace.forward(model, 5), Catch::Contains("planned for 1 to 4"));
  CHECK_THROWS_WITH(workspace.forward(small_network(), 1), Catch::Contains("another network"));
  CHECK_THROWS_WITH(workspace.backward(model, 1), Catch::Contains("planned for inference"));
  CHECK_THROWS_AS(Plan(model, {.batch = 0}), Error);
  CHECK_THROWS_AS(Workspace(inference, 0), Error);
}
