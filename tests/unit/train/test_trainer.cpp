// SPDX-License-Identifier: Apache-2.0
#include "lib/train/shuffle.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/train/small_training.hpp"

#include "mien/core/error.hpp"
#include "mien/nn/classifier.hpp"
#include "mien/train/evaluate.hpp"

#include <algorithm>
#include <cmath>

using namespace mien;
using namespace mien::test;
using Catch::Matchers::Contains;

TEST_CASE("An epoch sees every picture once, in a last short batch too") {
  auto trainer = small_trainer();
  std::vector<std::int64_t> pictures, steps;
  std::vector<int> epochs;
  REQUIRE(trainer.run({.on_step =
                           [&](const StepReport& report) {
                             pictures.push_back(report.pictures);
                             steps.push_back(report.step);
                             CHECK(report.steps == 3);
                           },
                       .on_epoch = [&](const EpochRow& row) { epochs.push_back(row.epoch); }}));
  CHECK(pictures == std::vector<std::int64_t>{8, 16, 21, 8, 16, 21});
  CHECK(steps == std::vector<std::int64_t>{1, 2, 3, 1, 2, 3});
  CHECK(epochs == std::vector<int>{1, 2});
}

TEST_CASE("The same bits come out for one, two and three threads") {
  auto one = small_trainer(small_recipe(), 1);
  REQUIRE(one.run());
  for (const int threads : {2, 3}) {
    auto more = small_trainer(small_recipe(), threads);
    REQUIRE(more.run());
    CHECK(same_bits(one, more));
  }
}

TEST_CASE("Another seed gives other weights") {
  auto recipe = small_recipe();
  auto one = small_trainer(recipe);
  recipe.seed += 1;
  auto other = small_trainer(recipe);
  REQUIRE(one.run());
  REQUIRE(other.run());
  CHECK_FALSE(same_bits(one, other));
}

TEST_CASE("Training learns the pictures it sees") {
  auto recipe = small_recipe();
  recipe.epochs = 60;
  recipe.augmentation = {};
  auto trainer = small_trainer(recipe);
  REQUIRE(trainer.run());
  const auto& rows = trainer.progress().rows;
  REQUIRE(rows.size() == 60);
  CHECK(rows.front().accuracy < 0.5);
  CHECK(rows.back().accuracy > 0.95);
  CHECK(rows.back().loss < 0.3);
}

TEST_CASE("A row's validation figures are those of the finished model, measured alone") {
  auto trainer = small_trainer();
  REQUIRE(trainer.run());
  const Classifier classifier({.model = trainer.model(),
                               .preprocessing = trainer.preprocessing(),
                               .labels = trainer.classes(),
                               .provenance = {}});
  const auto measured = evaluate(classifier, generated_dataset(2, 1, 16, 100), {.batch = 3});
  const auto& row = trainer.progress().rows.back();
  CHECK(measured.accuracy == row.val_accuracy);
  CHECK(measured.macro_f1 == row.val_macro_f1);
  CHECK(measured.log_loss == row.val_loss);
}

TEST_CASE("Each epoch shows every picture, varied anew, or plain where nothing is to vary") {
  const auto faces = generated_dataset(3, 1, 16);
  const Model network({16, 16, 1}, {flatten(), dense({.units = 7})});
  TrainOptions standstill{.epochs = 2, .batch = 8, .learning_rate = 1e-30, .augmentation = {}};
  Trainer plain(network, small_pictures, faces, faces, standstill);
  REQUIRE(plain.run());
  for (const auto& row : plain.progress().rows) { // trained on and validated on the same pictures by the same weights
    CHECK(row.loss == Approx(row.val_loss).epsilon(1e-6));
    CHECK(row.accuracy == row.val_accuracy);
  }
  standstill.augmentation.rotation_degrees = 10;
  Trainer varied(network, small_pictures, faces, faces, standstill);
  REQUIRE(varied.run());
  const auto& rows = varied.progress().rows;
  CHECK(std::abs(rows[0].loss - rows[0].val_loss) > 1e-4);
  CHECK(std::abs(rows[0].loss - rows[1].loss) > 1e-4);
}

TEST_CASE("Each epoch has an order of its own") {
  std::vector<std::uint32_t> first(100), second(100), other(100);
  shuffle(first, 1, 0);
  shuffle(second, 1, 1);
  shuffle(other, 2, 0);
  CHECK(first != second);
  CHECK(first != other);
  CHECK_FALSE(std::is_sorted(first.begin(), first.end()));
  std::sort(first.begin(), first.end());
  for (std::uint32_t i = 0; i < 100; ++i) CHECK(first[i] == i);
}

TEST_CASE("A stopped training goes on where it stopped") {
  auto whole = small_trainer();
  REQUIRE(whole.run());
  auto stopped = small_trainer();
  int asked = 0;
  REQUIRE_FALSE(stopped.run({.stop = [&] { return ++asked > 2; }}));
  CHECK(stopped.progress().step == 2);
  REQUIRE(stopped.run());
  CHECK(same_bits(whole, stopped));
}

TEST_CASE("A loss that is no number stops with the step, the rate and a suggestion") {
  auto recipe = small_recipe();
  recipe.learning_rate = 1e30;
  auto trainer = small_trainer(recipe);
  CHECK_THROWS_WITH(trainer.run(), Contains("no longer a finite number: after step 1 of 3 in epoch 1") &&
                                       Contains("learning rate 1e+30") && Contains("a tenth"));
}

TEST_CASE("The best epoch has the highest accuracy, then the lowest loss, then is the earliest") {
  std::vector<EpochRow> rows;
  CHECK(best_epoch(rows) == nullptr);
  rows = {{.epoch = 1, .val_loss = 3, .val_accuracy = 0.5},
          {.epoch = 2, .val_loss = 2, .val_accuracy = 0.5},
          {.epoch = 3, .val_loss = 1, .val_accuracy = 0.4},
          {.epoch = 4, .val_loss = 2, .val_accuracy = 0.5}};
  CHECK(best_epoch(rows)->epoch == 2);
}

TEST_CASE("What does not fit together is refused with a sentence") {
  const auto faces = generated_dataset(1, 1, 16);
  const auto make = [&](Model model, const Preprocessing& pictures, const Dataset& train, const Dataset& validation,
                        const TrainOptions& recipe) { Trainer(std::move(model), pictures, train, validation, recipe); };
  const auto recipe = small_recipe();
  CHECK_THROWS_WITH(make(small_network(), small_pictures, faces, faces.subset({}), recipe),
                    Contains("no picture is left for validation"));
  CHECK_THROWS_WITH(make(small_network(), {}, faces, faces, recipe), Contains("48x48x1") && Contains("16x16x1"));
  CHECK_THROWS_WITH(make(small_network(), small_pictures, generated_dataset(1, 1, 20), faces, recipe),
                    Contains("the network takes pictures of 16x16x1") && Contains("20x20x1"));
  auto more = faces;
  more.classes.push_back("bored");
  CHECK_THROWS_WITH(make(small_network(), small_pictures, more, faces, recipe),
                    Contains("7 outputs") && Contains("8 classes"));
  auto renamed = faces;
  renamed.classes[0] = "bored";
  CHECK_THROWS_WITH(make(small_network(), small_pictures, faces, renamed, recipe), Contains("other classes"));
  auto wrong = faces;
  wrong.labels[2] = 7;
  CHECK_THROWS_WITH(make(small_network(), small_pictures, wrong, faces, recipe), Contains("label 7"));
  for (const TrainOptions& bad : {TrainOptions{.epochs = 0}, TrainOptions{.batch = 0}, TrainOptions{.learning_rate = 0},
                                  TrainOptions{.augmentation = {.zoom = 2}}})
    CHECK_THROWS_AS(make(small_network(), small_pictures, faces, faces, bad), Error);
}

TEST_CASE("A recipe is one line, and what is off is not in it") {
  CHECK(recipe_text({}) == "batch 32, Adam 0.001, rotation 10, zoom 0.1, flip, seed 1");
  CHECK(recipe_text({.epochs = 2, .augmentation = {.shift = 0.5f}, .seed = 9}) ==
        "batch 32, Adam 0.001, shift 0.5, seed 9");
  const Augmentation light{.shear_degrees = 5, .brightness = 0.2f, .contrast = 0.3f, .erase = 0.25f, .crop = 4};
  CHECK(recipe_text({.augmentation = light}) ==
        "batch 32, Adam 0.001, shear 5, crop 4, brightness 0.2, contrast 0.3, erase 0.25, seed 1");
}
