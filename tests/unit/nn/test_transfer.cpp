// SPDX-License-Identifier: Apache-2.0
// A network for other classes, and layers that stay as they are.
#include "mien/core/error.hpp"
#include "mien/nn/networks.hpp"
#include "mien/nn/transfer.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/nn/normalised.hpp"

using namespace mien;
using namespace mien::test;
using Catch::Matchers::Contains;

namespace {

/// conv2d, batch_normalization, conv2d_1, "way", "sum", pooling, dense, dense_1.
Model learned() {
  return seasoned(Model({8, 8, 1}, {conv2d({.filters = 4, .padding = Padding::same}),
                                    batch_normalization({.momentum = 0.75, .activation = Activation::relu}),
                                    conv2d({.filters = 4, .padding = Padding::same}),
                                    {relu(), "way"},
                                    {add(), "sum", {"way", "batch_normalization"}},
                                    global_average_pooling2d(),
                                    dense({.units = 6, .activation = Activation::relu}),
                                    dense({.units = 7, .kernel_initializer = Initializer::he_normal})}));
}

std::vector<std::string> names_of_frozen(const Model& model, const std::vector<std::string>& names) {
  const auto frozen = frozen_nodes(model, names);
  std::vector<std::string> found;
  for (std::size_t i = 0; i < frozen.size(); ++i)
    if (frozen[i]) found.push_back(model.nodes()[i].name);
  return found;
}

} // namespace

TEST_CASE("transfer: other classes change the last layer alone, bit for bit") {
  const Model model = learned();
  const Model other = with_new_classes(model, 3, 5);
  CHECK(other.output_shape() == Shape{3});
  REQUIRE(other.parameters().size() == model.parameters().size());
  const auto kept = model.parameters().size() - 2;
  for (std::size_t i = 0; i < kept; ++i) CHECK(other.parameters()[i] == model.parameters()[i]); // statistics, too
  CHECK(other.parameters()[kept].name == "dense_1/kernel");
  CHECK(other.parameters()[kept].value.shape() == Shape{6, 3});
  for (std::size_t i = 0; i < model.nodes().size(); ++i) {
    CHECK(other.nodes()[i].name == model.nodes()[i].name);
    CHECK(other.nodes()[i].inputs == model.nodes()[i].inputs);
  }
  CHECK(std::get<std::string>(other.nodes().back().layer->settings().at("kernel_initializer")) == "he_normal");
  CHECK(model.output_shape() == Shape{7}); // a model is a value

  // As many classes with other names: the last layer is a fresh one all the same.
  const Model again = with_new_classes(model, 7, 5);
  CHECK_FALSE(again.parameters()[kept] == model.parameters()[kept]);
  CHECK_FALSE(again.parameters()[kept] == with_new_classes(model, 7, 6).parameters()[kept]);

  CHECK_THROWS_WITH(with_new_classes(model, 1), Contains("1 classes asked for"));
  CHECK_THROWS_WITH(with_new_classes(Model({4}, {dense({.units = 3}), relu()}), 2), Contains("ends with re_lu (ReLU)"));
}

TEST_CASE("transfer: layers are frozen by name, by the beginning of one, or all but the last") {
  using Names = std::vector<std::string>;
  const Model model = learned();
  CHECK(names_of_frozen(model, {}).empty());
  CHECK(names_of_frozen(model, {"conv2d"}) == Names{"conv2d"});
  CHECK(names_of_frozen(model, {"conv2d*"}) == Names{"conv2d", "conv2d_1"});
  CHECK(names_of_frozen(model, {"dense", "batch*"}) == Names{"batch_normalization", "dense"});
  const auto features = names_of_frozen(model, {"features"});
  CHECK(features.size() == model.nodes().size() - 1);
  CHECK(features.back() == "dense");
  CHECK_THROWS_WITH(frozen_nodes(model, Names{"conv"}),
                    Contains("\"conv\"") && Contains("conv2d, batch_normalization, conv2d_1, dense, dense_1") &&
                        Contains("features"));
  CHECK_THROWS_WITH(frozen_nodes(model, Names{"*"}), Contains("nothing is left to train"));
  CHECK_THROWS_WITH(frozen_nodes(model, Names{"features", "dense_1"}), Contains("nothing is left to train"));

  const auto parameters = frozen_parameters(model, frozen_nodes(model, Names{"batch_normalization", "dense"}));
  CHECK(parameters == std::vector<bool>{false, false, true, true, true, true, false, false, true, true, false, false});
}

TEST_CASE("transfer: no derivative is computed below the first layer that is trained") {
  const Model model = learned();
  const auto frozen = [&](const std::vector<std::string>& names) {
    const auto marks = frozen_nodes(model, names);
    std::vector<std::string> back;
    const Plan plan(model, {.batch = 2, .training = true, .frozen = marks});
    for (const auto& step : plan.steps()) {
      CHECK(step.trained == !marks[step.node]);
      if (!step.goes_back) continue;
      back.push_back(model.nodes()[step.node].name);
      for (std::size_t i = 0; i < step.inputs.size(); ++i) {
        const auto from = model.nodes()[step.node].inputs[i];
        const bool wanted = from > 0 && std::ranges::find(back, model.nodes()[from - 1].name) != back.end();
        CHECK(step.inputs[i].wants_gradient == wanted);
      }
    }
    return back;
  };
  using Names = std::vector<std::string>;
  CHECK(frozen({"features"}) == Names{"dense_1"});
  CHECK(frozen({"conv2d", "batch_normalization"}) ==
        Names{"conv2d_1", "way", "sum", "global_average_pooling2d", "dense", "dense_1"});
  CHECK(frozen({"dense*"}).size() == model.nodes().size());
  CHECK_THROWS_WITH(Plan(model, {.batch = 2, .training = true, .frozen = {true}}), Contains("the model has 8"));
}

TEST_CASE("transfer: what is trained above frozen layers has the same derivatives as if nothing were frozen") {
  const Model model = learned();
  const auto gradients = [&](const std::vector<bool>& frozen) {
    Workspace workspace(Plan(model, {.batch = 2, .training = true, .frozen = frozen}));
    std::ranges::copy(random_values(128, 3), workspace.input(2).begin());
    workspace.zero_gradients();
    (void)workspace.forward(model, 2);
    std::ranges::copy(random_values(14, 4), workspace.output_gradient(2).begin());
    workspace.backward(model, 2);
    std::vector<std::vector<float>> all;
    for (const auto& gradient : workspace.gradients()) all.emplace_back(gradient.begin(), gradient.end());
    return all;
  };
  const auto whole = gradients({});
  const auto partly = gradients(frozen_nodes(model, std::vector<std::string>{"conv2d_1", "dense"}));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    CAPTURE(model.parameters()[i].name);
    const bool still = (i >= 6 && i < 10); // conv2d_1's and dense's
    if (!still) CHECK(partly[i] == whole[i]);
  }
}
