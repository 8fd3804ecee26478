// SPDX-License-Identifier: Apache-2.0
// Steps that do the work of several layers, and parameters packed for them.
#include "mien/core/error.hpp"
#include "mien/kernels.hpp"
#include "mien/nn/layers.hpp"
#include "mien/nn/workspace.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/close.hpp"
#include "tests/support/random.hpp"
#include "tests/support/training.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

using namespace mien;
using namespace mien::test;
using Catch::Matchers::Contains;

namespace {

constexpr std::int64_t pictures = 7;

/// Large enough for several workers a step, with channels that Winograd's convolution takes.
Model network() {
  return Model({26, 26, 1}, {
                                conv2d({.filters = 16, .activation = Activation::relu}),
                                conv2d({.filters = 24, .activation = Activation::relu}),
                                max_pooling2d(),
                                dropout({.rate = 0.25}),
                                conv2d({.filters = 16, .padding = Padding::same}),
                                max_pooling2d(),
                                dropout({.rate = 0.25}), // behind no rectifier
                                flatten(),
                                dense({.units = 3}),
                            });
}

bool has_winograd() { return kernels().winograd_input != nullptr; }

using Nodes = std::vector<std::pair<std::size_t, std::size_t>>;

Nodes nodes_of(const Plan& plan) {
  Nodes nodes;
  for (const auto& step : plan.steps()) nodes.emplace_back(step.node, step.last_node);
  return nodes;
}

/// The logits and all gradients of one step.
std::vector<float> training_of(const Model& model, PlanOptions options, int threads) {
  options.training = true;
  Workspace workspace(Plan(model, options), threads);
  const auto x = random_values(pictures * model.input_shape().size(), 1);
  std::vector<std::uint32_t> samples(pictures);
  std::iota(samples.begin(), samples.end(), 3u);
  std::vector<std::int32_t> labels(pictures, 1);
  const Draws draws{.seed = 5, .epoch = 2, .samples = samples};
  (void)loss_and_gradients(model, workspace, x, labels, draws);
  const auto logits = workspace.forward(model, pictures, draws);
  std::vector<float> numbers(logits.begin(), logits.end());
  for (const auto& gradient : workspace.gradients()) numbers.insert(numbers.end(), gradient.begin(), gradient.end());
  return numbers;
}

} // namespace

TEST_CASE("fusion: a convolution takes up the pooling and the dropout behind it, where its algorithm can") {
  const Model model = network();
  const Plan training(model, {.batch = 2, .training = true}), inference(model, {.batch = 2});
  if (!has_winograd()) {
    CHECK(nodes_of(training) == Nodes{{0, 0}, {1, 1}, {2, 2}, {3, 3}, {4, 4}, {5, 5}, {6, 6}, {8, 8}});
    return;
  }
  CHECK(nodes_of(training) == Nodes{{0, 0}, {1, 3}, {4, 5}, {6, 6}, {8, 8}});
  CHECK(nodes_of(inference) == Nodes{{0, 0}, {1, 2}, {4, 5}, {8, 8}});
  CHECK(nodes_of(Plan(model, {.batch = 2, .algorithm = "direct"})) ==
        Nodes{{0, 0}, {1, 1}, {2, 2}, {4, 4}, {5, 5}, {8, 8}});

  std::vector<bool> frozen(model.nodes().size(), false);
  frozen[3] = true; // a frozen dropout drops nothing
  CHECK(nodes_of(Plan(model, {.batch = 2, .training = true, .frozen = frozen}))[1] ==
        std::pair<std::size_t, std::size_t>(1, 2));
  CHECK(inference.activation_floats() < Plan(model, {.batch = 2, .algorithm = "direct"}).activation_floats());
}

TEST_CASE("fusion: what another layer reads is not passed over") {
  const Model model({12, 12, 8}, {{conv2d({.filters = 8, .padding = Padding::same}), "read twice"},
                                  {max_pooling2d(), "pool"},
                                  {max_pooling2d(), "pool too", {"read twice"}},
                                  {add(), "sum", {"pool", "pool too"}}});
  CHECK(nodes_of(Plan(model, {.batch = 1})) == Nodes{{0, 0}, {1, 1}, {2, 2}, {3, 3}});
}

TEST_CASE("fusion: the same bits for any number of threads and any planned batch") {
  const Model model = network();
  const auto bits = training_of(model, {.batch = pictures}, 1);
  for (const int threads : {2, 3, 8}) CHECK(training_of(model, {.batch = pictures}, threads) == bits);
  CHECK(training_of(model, {.batch = 20}, 2) == bits);
}

TEST_CASE("fusion: every algorithm computes the same but for rounding, and is asked for by name") {
  const Model model = network();
  const auto best = training_of(model, {.batch = pictures}, 1);
  const auto direct = training_of(model, {.batch = pictures, .algorithm = "direct"}, 2);
  CHECK(close<float>(best, widened(direct), {.c = 512}));
  if (has_winograd()) CHECK(best != direct);
  CHECK_THROWS_WITH(Plan(model, {.batch = 1, .algorithm = "quick"}),
                    Contains("no algorithm \"quick\"") && Contains("winograd-4x4"));
}

TEST_CASE("packing: constant parameters are packed once, and wanted where they are promised") {
  const Model model = network();
  const Plan constant(model, {.batch = 2, .constant = true}), changing(model, {.batch = 2});
  const auto packed = std::make_shared<const PackedParameters>(pack_parameters(model, constant, 2));
  Workspace once(constant, 2, packed), always(changing, 1);
  const auto x = random_values(2 * model.input_shape().size(), 1);
  const auto logits = [&](Workspace& workspace) {
    std::ranges::copy(x, workspace.input(2).begin());
    const auto y = workspace.forward(model, 2);
    return std::vector<float>(y.begin(), y.end());
  };
  CHECK(logits(once) == logits(always));

  CHECK_THROWS_WITH(Workspace(constant), Contains("packed parameters belong to a plan for constant ones"));
  CHECK_THROWS_WITH(Workspace(changing, 1, packed), Contains("packed parameters belong to a plan for constant ones"));
  const auto other = std::make_shared<const PackedParameters>(PackedParameters{Tensor(Shape{5}), kernels().name});
  CHECK_THROWS_WITH(Workspace(constant, 1, other), Contains("were made for another plan"));
}

TEST_CASE("packing: a workspace refuses a kernel set that it was not planned for") {
  const std::string_view before = kernels().name;
  const Model model = network();
  const Plan constant(model, {.constant = true});
  const auto packed = std::make_shared<const PackedParameters>(pack_parameters(model, constant, 1));
  Workspace workspace(constant, 1, packed);
  const auto other = before == "reference" ? kernel_sets().front().name : std::string_view("reference");
  if (!kernel_sets().front().supported()) return;
  use_kernels(other);
  CHECK_THROWS_WITH(workspace.forward(model, 1), Contains("it was planned for the kernels " + std::string(before)));
  CHECK_THROWS_WITH(Workspace(Plan(model, {.constant = true}), 1, packed),
                    Contains("on the kernels " + std::string(before)));
  use_kernels(before);
  CHECK_NOTHROW(workspace.forward(model, 1));
}
