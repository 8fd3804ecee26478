// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/emotion/generated_faces.hpp"
#include "mien/emotion/shipped_model.hpp"
#include "mien/nn/feature_split.hpp"
#include "mien/nn/fold.hpp"
#include "mien/nn/networks.hpp"
#include "mien/train/explain.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/small_classifier.hpp"

#include <algorithm>
#include <cmath>

using namespace mien;
using namespace mien::test;
using Catch::Contains;

namespace {

std::vector<float> output_of(const Model& model, std::span<const float> input) {
  Workspace workspace(Plan(model, {}));
  std::ranges::copy(input, workspace.input(1).begin());
  const auto y = workspace.forward(model, 1);
  return {y.begin(), y.end()};
}

std::vector<float> some_input(const Model& model) {
  std::vector<float> x;
  Rng rng(5, Purpose::test);
  for (std::int64_t i = 0; i < model.input_shape().size(); ++i) x.push_back(rng.uniform());
  return x;
}

} // namespace

TEST_CASE("a network cut behind its last convolution computes what it did whole") {
  for (const auto& named : named_networks()) {
    INFO(named.name);
    const auto model = fold_batch_normalization(network_named(named.name));
    const auto [features, head] = split_at_features(model);
    CHECK(features.output_shape().rank() == 3);
    CHECK(features.output_shape() == head.input_shape());
    const auto x = some_input(model);
    const auto whole = output_of(model, x), parts = output_of(head, output_of(features, x));
    REQUIRE(whole.size() == parts.size());
    for (std::size_t i = 0; i < whole.size(); ++i) CHECK(parts[i] == Approx(whole[i]).margin(1e-5));
  }
}

TEST_CASE("the derivative by the feature map is that of central differences") {
  for (const std::string name : {"seed", "vgg8"}) {
    INFO(name);
    const auto head = split_at_features(fold_batch_normalization(network_named(name))).head;
    auto x = some_input(head);
    const std::vector<bool> frozen(head.nodes().size(), true);
    Workspace workspace(Plan(head, {.training = true, .frozen = frozen, .input_gradient = true}));
    std::ranges::copy(x, workspace.input(1).begin());
    (void)workspace.forward(head, 1);
    std::ranges::fill(workspace.output_gradient(1), 0.0f);
    workspace.output_gradient(1)[3] = 1;
    workspace.backward(head, 1);
    const auto dx = workspace.input_gradient(1);
    REQUIRE(dx.size() == x.size());

    constexpr float step = 1e-3f;
    double error = 0, size = 0;
    for (std::size_t i = 0; i < x.size(); i += 7) {
      const float at = x[i];
      x[i] = at + step;
      const double above = output_of(head, x)[3];
      x[i] = at - step;
      const double below = output_of(head, x)[3];
      x[i] = at;
      const double slope = (above - below) / (2 * double{step});
      error += std::abs(slope - double{dx[i]});
      size += std::abs(double{dx[i]});
    }
    CHECK(size > 0);
    CHECK(error < 0.02 * size); // float32 differences of a piecewise linear function
  }
}

TEST_CASE("a plan without an input gradient says so") {
  const auto model = network_named("seed");
  Workspace workspace(Plan(model, {.training = true}));
  CHECK_THROWS_WITH(workspace.input_gradient(1), Contains("input_gradient"));
}

TEST_CASE("covering is measured as the fall of the probability") {
  const auto classifier = small_classifier();
  const auto face = draw_face(3, 1, 0).pixels;
  Classifier::Session session(classifier, 1);
  const double before = session.probabilities(face)[2];
  std::size_t sum = 0;
  for (const auto byte : face) sum += byte;
  const std::vector<std::uint8_t> grey(face.size(), static_cast<std::uint8_t>((sum + face.size() / 2) / face.size()));
  const double after = session.probabilities(grey)[2];
  const auto map = occlusion_map(classifier, face, 2, {.side = 48, .stride = 1});
  for (const float drop : map.values) CHECK(double{drop} == Approx(before - after).margin(1e-6));
  CHECK(occlusion_map(classifier, face, 2, {.side = 7, .stride = 5}, 1) ==
        occlusion_map(classifier, face, 2, {.side = 7, .stride = 5}, 2));
  CHECK_THROWS_WITH(occlusion_map(classifier, face, 2, {.side = 49}), Contains("from 1 to 48"));
  CHECK_THROWS_WITH(occlusion_map(classifier, face, 7), Contains("no label 7"));
  CHECK_THROWS_WITH(grad_cam(classifier.file().model, classifier.preprocessing(), std::span(face).first(9), 0),
                    Contains("9 bytes"));
}

TEST_CASE("rank correlation is scipy's, ties and all") {
  // python -c "from scipy.stats import spearmanr; print(spearmanr([1,2,2,5,7,7,7,0],[3,1,4,1,5,9,2,6]).statistic)"
  const std::vector<float> a = {1, 2, 2, 5, 7, 7, 7, 0}, b = {3, 1, 4, 1, 5, 9, 2, 6};
  CHECK(rank_correlation(a, b) == Approx(0.055572498390824586).margin(1e-12));
  CHECK(rank_correlation(a, a) == Approx(1));
  CHECK(std::isnan(rank_correlation(a, std::vector<float>(8, 2.0f))));
  CHECK_THROWS_WITH(rank_correlation(a, std::vector<float>{1}), Contains("8 numbers and 1"));
}

TEST_CASE("a map at another size keeps its constants and its extremes") {
  const Heatmap flat{2, 3, std::vector<float>(6, 0.5f)};
  for (const float x : resized(flat, 7, 5).values) CHECK(x == 0.5f);
  const auto line = resized(Heatmap{1, 2, {0, 1}}, 4, 1);
  CHECK(line.values == std::vector<float>{0, 0.25f, 0.75f, 1});
}

TEST_CASE("an overlay leaves a picture grey where nothing speaks") {
  const auto face = draw_face(3, 1, 0);
  const auto grey = overlaid(face, {1, 1, {-1}});
  for (std::size_t i = 0; i < face.pixels.size(); ++i) REQUIRE(grey.pixels[3 * i] == face.pixels[i]);
  const auto red = overlaid(face, {1, 1, {2}});
  CHECK(red.pixels[0] > red.pixels[2]);
}

TEST_CASE("maps of the shipped model are others than those of random weights") {
  const auto classifier = shipped_classifier();
  double cam = 0, occlusion = 0;
  constexpr std::size_t faces = 7;
  for (std::size_t expression = 0; expression < faces; ++expression) {
    const auto e = explain(classifier, draw_face(expression, 1, 0).pixels);
    CHECK(e.probabilities.size() == 7);
    CHECK(*std::ranges::max_element(e.grad_cam.values) > 0);
    CHECK(e.occlusion.values.size() == 48 * 48);
    INFO("expression " << expression << ": grad-cam " << e.grad_cam_random << ", occlusion " << e.occlusion_random);
    cam += e.grad_cam_random / faces;
    occlusion += e.occlusion_random / faces;
  }
  CHECK(std::abs(cam) < 0.5);
  CHECK(std::abs(occlusion) < 0.5);
}
