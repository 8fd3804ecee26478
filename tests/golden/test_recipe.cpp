// SPDX-License-Identifier: Apache-2.0
// The last link before real photographs: the field's network and recipe, whole, on faces that the library draws.
#include "mien/data/split.hpp"
#include "mien/emotion/generated_faces.hpp"
#include "mien/nn/networks.hpp"
#include "mien/ops/parallel.hpp"
#include "mien/train/evaluate.hpp"
#include "mien/train/trainer.hpp"
#include "tests/support/catch.hpp"

using namespace mien;

TEST_CASE("recipe: after seven epochs nearly every unseen drawn face is named") {
  const auto faces = generated_dataset(250);
  const auto [kept, held] = holdout(faces, 0.1, 1);
  Trainer trainer(seed_network(7), {}, faces.subset(kept), faces.subset(held), {.epochs = 7}, available_threads());
  REQUIRE(trainer.run());
  const Classifier classifier({.model = trainer.model(),
                               .preprocessing = trainer.preprocessing(),
                               .labels = trainer.classes(),
                               .provenance = {}});
  const auto unseen = generated_dataset(60, 1, 48, first_test_index);
  const auto figures = evaluate(classifier, unseen, {.threads = available_threads()});
  CHECK(figures.n == 420);
  CHECK(figures.accuracy > 0.97); // chance is 0.14
}
