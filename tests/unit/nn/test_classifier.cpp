// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/core/rng.hpp"
#include "mien/nn/classifier.hpp"
#include "mien/nn/model_file.hpp"
#include "mien/ops/softmax.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/close.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/tiny_model.hpp"
#include "tests/unit/nn/normalised.hpp"

#include <numeric>

using namespace mien;
using Catch::Matchers::Contains;
using mien::test::close;
using mien::test::count_of;
using mien::test::seasoned;
using mien::test::tiny_model;
using mien::test::widened;

namespace {

std::vector<std::uint8_t> random_faces(std::size_t n) {
  std::vector<std::uint8_t> faces(n * 36);
  Rng rng(1, Purpose::test);
  for (auto& pixel : faces) pixel = static_cast<std::uint8_t>(rng.below(256));
  return faces;
}

std::vector<float> copy(View<const float> view) { return {view.begin(), view.end()}; }

} // namespace

TEST_CASE("classifier: probabilities are the softmax of the network's output on scaled bytes") {
  const auto file = tiny_model();
  const auto faces = random_faces(1);
  Workspace workspace(Plan(file.model, {.batch = 1}));
  std::ranges::transform(faces, workspace.input(1).begin(),
                         [](std::uint8_t x) { return static_cast<float>(x) * (1.0f / 255); });
  const auto logits = workspace.forward(file.model, 1);
  double sum = 0;
  for (const float x : logits) sum += std::exp(static_cast<double>(x));

  const Classifier classifier(file);
  Classifier::Session session(classifier);
  const auto p = session.probabilities(faces);
  REQUIRE(p.shape() == Shape{1, 3});
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(p[i] == Approx(std::exp(static_cast<double>(logits[i])) / sum).epsilon(1e-6));
  CHECK(classifier.labels()[2] == "sad");
  CHECK(classifier.preprocessing() == file.preprocessing);
}

TEST_CASE("classifier: any number of faces, in any batches, on any threads, with the same bits") {
  const Classifier classifier(tiny_model());
  const auto faces = random_faces(17);
  Classifier::Session large(classifier, 32);
  const auto expected = copy(large.probabilities(faces));
  REQUIRE(expected.size() == 17 * 3);
  for (std::size_t row = 0; row < 17; ++row) {
    CHECK(std::accumulate(&expected[row * 3], &expected[row * 3] + 3, 0.0f) == Approx(1.0f));
  }
  for (const std::int64_t batch : {1, 4, 17}) {
    for (const int threads : {1, 2}) {
      Classifier::Session session(classifier, batch, threads);
      CHECK(copy(session.probabilities(faces)) == expected);
      CHECK(copy(session.probabilities(std::span(faces).first(36))) ==
            std::vector(expected.begin(), expected.begin() + 3));
    }
  }
  CHECK(large.probabilities({}).shape() == Shape{0, 3});
  CHECK_THROWS_WITH(large.probabilities(std::span(faces).first(35)),
                    Contains("35 bytes are no whole number of faces of 6x6x1"));
}

TEST_CASE("classifier: batch normalisations are folded for use, in the file they stay") {
  auto file = tiny_model();
  file.model = seasoned(Model({6, 6, 1}, {conv2d({.filters = 8, .use_bias = false}),
                                          batch_normalization({.activation = Activation::relu}), depthwise_conv2d({}),
                                          batch_normalization(), flatten(), dense({.units = 3})}));
  const auto faces = random_faces(3);
  Workspace workspace(Plan(file.model, {.batch = 3}));
  to_input_floats(workspace.input(3).span(), faces, file.preprocessing);
  Tensor expected(Shape{3, 3});
  softmax(expected, workspace.forward(file.model, 3));

  const Classifier classifier(file);
  Classifier::Session session(classifier, 2);
  const auto folded = copy(session.probabilities(faces));
  CHECK(close<float>(folded, widened(expected.view<float>().span()), {.c = 64}));
  CHECK(folded[0] != folded[3]);
  CHECK(folded != copy(View<const float>(expected))); // rounded in another order: it is the folded model that ran
  CHECK(count_of(classifier.file().model, "BatchNormalization") == 2);
  CHECK(count_of(session.model(), "BatchNormalization") == 0);
  CHECK(session.workspace().plan().options().batch == 2);
}

TEST_CASE("classifier: the list of algorithms can begin further down") {
  const Classifier classifier(tiny_model());
  const auto faces = random_faces(2);
  const auto answers = [&](const Classifier& one) { return copy(Classifier::Session(one, 2).probabilities(faces)); };
  const auto direct = answers(classifier.beginning_with("direct"));
  CHECK(close<float>(answers(classifier), widened(direct), {.c = 64}));
  CHECK(answers(classifier.beginning_with("direct").beginning_with("")) == answers(classifier));
  CHECK_THROWS_WITH(classifier.beginning_with("quick"), Contains("there is no algorithm \"quick\""));
}

TEST_CASE("classifier: a session outlives the classifier it was made from") {
  auto classifier = std::make_unique<Classifier>(tiny_model());
  Classifier::Session session(*classifier);
  const Classifier copied = *classifier;
  classifier.reset();
  const auto faces = random_faces(2);
  const auto p = copy(session.probabilities(faces));
  Classifier::Session other(copied);
  CHECK(copy(other.probabilities(faces)) == p);
}

TEST_CASE("classifier: loads a file and says what is wrong with one") {
  const mien::test::TempFolder folder;
  const auto path = folder / "a.safetensors";
  CHECK_THROWS_WITH(Classifier::load(path), Contains(path.string()));
  save_model(path, tiny_model());
  CHECK(Classifier::load(path).labels().size() == 3);
}
