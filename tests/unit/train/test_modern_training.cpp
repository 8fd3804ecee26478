// SPDX-License-Identifier: Apache-2.0
// Averaged weights, schedules, early ends, smoothed and weighted targets, frozen layers, in a training that goes on.
#include "lib/train/shuffle.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/close.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/train/small_training.hpp"

#include "mien/core/error.hpp"
#include "mien/nn/classifier.hpp"
#include "mien/nn/transfer.hpp"
#include "mien/train/evaluate.hpp"

#include <algorithm>
#include <array>
#include <set>

using namespace mien;
using namespace mien::test;
using Catch::Matchers::Contains;

namespace {

std::vector<float> values_of(const Model& model, std::size_t parameter) {
  const auto view = model.parameters()[parameter].value.view<float>();
  return {view.begin(), view.end()};
}

/// What batch normalisation measures over these training pictures, as they are: mean, then variance.
std::array<std::vector<double>, 2> measured(const Model& model, const std::vector<std::uint32_t>& pictures) {
  const auto faces = generated_dataset(3, 1, 16);
  const auto n = static_cast<std::int64_t>(pictures.size());
  Workspace workspace(Plan(model, {.batch = n, .training = true}));
  auto x = workspace.input(n).span();
  for (const auto picture : pictures) {
    to_input_floats(x.first(256), faces.picture(picture), small_pictures);
    x = x.subspan(256);
  }
  workspace.zero_gradients();
  (void)workspace.forward(model, n, {.samples = pictures});
  const auto statistic = [&](std::size_t i) {
    std::vector<double> values;
    const auto moving = values_of(model, i);
    for (std::size_t c = 0; c < moving.size(); ++c)
      values.push_back(double{moving[c]} - double{workspace.gradients()[i][c]});
    return values;
  };
  return {statistic(3), statistic(4)};
}

/// The same as the mean over an epoch's batches of 8, in that epoch's order.
std::array<std::vector<double>, 2> measured_in_batches(const Model& model, std::uint64_t seed, std::uint32_t epoch) {
  std::vector<std::uint32_t> order(21);
  shuffle(order, seed, static_cast<int>(epoch));
  std::array<std::vector<double>, 2> sums{std::vector<double>(4), std::vector<double>(4)};
  for (std::size_t first = 0; first < order.size(); first += 8) {
    const auto begin = order.begin() + static_cast<std::ptrdiff_t>(first);
    const auto batch = measured(model, {begin, begin + std::min<std::ptrdiff_t>(8, order.end() - begin)});
    for (std::size_t s = 0; s < 2; ++s)
      for (std::size_t c = 0; c < 4; ++c) sums[s][c] += batch[s][c] / 3;
  }
  return sums;
}

} // namespace

TEST_CASE("A modern training has the same bits for one, two and three threads") {
  auto one = modern_trainer();
  REQUIRE(one.run());
  for (const int threads : {2, 3}) {
    auto more = modern_trainer(modern_recipe(), threads);
    REQUIRE(more.run());
    CHECK(same_bits(one, more));
  }
}

TEST_CASE("A modern training saved anywhere goes on to the same bits, averages and measured statistics included") {
  const TempFolder folder;
  auto whole = modern_trainer();
  REQUIRE(whole.run());
  for (int step = 0; step < 12; ++step) { // three epochs of three steps and a validation
    CAPTURE(step);
    auto first = modern_trainer();
    int asked = 0;
    (void)first.run({.stop = [&] { return asked++ == step; }});
    first.save(folder / "state");
    auto second = modern_trainer(modern_recipe(), step % 3 + 1);
    second.restore(folder / "state");
    if (first.progress().step == 0) CHECK(same_bits(first, second)); // the averaged model of the epoch is there again
    REQUIRE(second.run());
    CHECK(same_bits(whole, second));
  }
}

TEST_CASE("Where weights are averaged, the averaged model is the one that is measured and given out") {
  auto recipe = modern_recipe();
  auto averaged = modern_trainer(recipe);
  REQUIRE(averaged.run());
  const Classifier classifier({.model = averaged.model(),
                               .preprocessing = averaged.preprocessing(),
                               .labels = averaged.classes(),
                               .provenance = {}});
  const auto figures = evaluate(classifier, generated_dataset(2, 1, 16, 100), {.batch = 3});
  CHECK(figures.log_loss == Approx(averaged.progress().rows.back().val_loss).epsilon(1e-5));

  recipe.weight_average = 0;
  auto plain = modern_trainer(recipe);
  REQUIRE(plain.run());
  CHECK(values_of(plain.model(), 0) != values_of(averaged.model(), 0));
  CHECK(plain.progress().rows[1].loss == averaged.progress().rows[1].loss); // the training itself is the same one
}

TEST_CASE("The averaged model's statistics are measured again as the mean over an epoch's batches") {
  auto recipe = modern_recipe();
  recipe.epochs = 2;
  recipe.augmentation = {};
  auto trainer = modern_trainer(recipe);
  REQUIRE(trainer.run());
  const auto [mean, variance] = measured_in_batches(trainer.model(), recipe.seed, 1);
  CHECK(close<float>(values_of(trainer.model(), 3), mean, {.c = 64}));
  CHECK(close<float>(values_of(trainer.model(), 4), variance, {.c = 64}));
}

TEST_CASE("A training without progress ends early, is finished, and stays so when it is restored") {
  const TempFolder folder;
  auto recipe = small_recipe();
  recipe.epochs = 50;
  recipe.learning_rate = 1e-30;
  recipe.patience = 2;
  auto trainer = small_trainer(recipe);
  CHECK_FALSE(trainer.finished());
  CHECK(trainer.run());
  CHECK(trainer.finished());
  CHECK(trainer.progress().rows.size() == 3); // the first epoch is progress, two more are not
  trainer.save(folder / "state");
  auto again = small_trainer(recipe);
  again.restore(folder / "state");
  CHECK(again.finished());
  recipe.patience = 4; // which changes nothing in the epochs before
  auto longer = small_trainer(recipe);
  longer.restore(folder / "state");
  CHECK_FALSE(longer.finished());
  CHECK(longer.run());
  CHECK(longer.progress().rows.size() == 5);
}

TEST_CASE("The rate of every step is the schedule's, and a row has that of its last step") {
  auto trainer = modern_trainer();
  const auto& options = trainer.options();
  std::vector<double> rates;
  REQUIRE(trainer.run({.on_step = [&](const StepReport& report) { rates.push_back(report.learning_rate); }}));
  REQUIRE(rates.size() == 9);
  for (std::int64_t step = 0; step < 9; ++step)
    CHECK(rates[static_cast<std::size_t>(step)] ==
          learning_rate(options.schedule, options.learning_rate,
                        {.step = step, .total_steps = 9, .steps_per_epoch = 3, .rows = {}}));
  CHECK(std::set(rates.begin(), rates.end()).size() == 9);
  for (std::size_t epoch = 0; epoch < 3; ++epoch)
    CHECK(trainer.progress().rows[epoch].learning_rate == rates[3 * epoch + 2]);
}

TEST_CASE("A row's gradient norm is the mean of its steps', before clipping") {
  auto recipe = modern_recipe();
  recipe.optimizer.clip_norm = 0.01;
  auto trainer = modern_trainer(recipe);
  std::vector<double> norms;
  REQUIRE(trainer.run({.on_step = [&](const StepReport& report) { norms.push_back(report.gradient_norm); }}));
  REQUIRE(norms.size() == 9);
  CHECK(*std::min_element(norms.begin(), norms.end()) > 0.01);
  CHECK(trainer.progress().rows[1].gradient_norm == Approx((norms[3] + norms[4] + norms[5]) / 3).epsilon(1e-12));
}

TEST_CASE("A modern recipe learns the pictures it sees") {
  auto recipe = modern_recipe();
  recipe.epochs = 40;
  recipe.augmentation = {};
  auto trainer = modern_trainer(recipe);
  REQUIRE(trainer.run());
  const auto& rows = trainer.progress().rows;
  CHECK(rows.front().accuracy < 0.6);
  CHECK(rows.back().accuracy > 0.95);
  CHECK(rows.back().loss < 0.7); // the smoothed targets' own entropy, which no model falls below, is 0.49
  CHECK(rows.back().loss > 0.49);
}

TEST_CASE("Frozen layers stay as they are to the bit, their statistics too, and all others learn") {
  const Model model = normalised_network();
  const auto faces = generated_dataset(3, 1, 16);
  const auto trained = [&](const std::vector<std::string>& frozen, double average) {
    auto recipe = modern_recipe();
    recipe.frozen = frozen;
    recipe.weight_average = average;
    Trainer trainer(model, small_pictures, faces, faces, recipe);
    REQUIRE(trainer.run());
    const auto marks = frozen_parameters(model, frozen_nodes(model, frozen));
    for (std::size_t i = 0; i < marks.size(); ++i) {
      CAPTURE(model.parameters()[i].name, average);
      CHECK((trainer.model().parameters()[i] == model.parameters()[i]) == marks[i]);
    }
  };
  for (const double average : {0.0, 0.9}) {
    trained({}, average);
    trained({"features"}, average);
    trained({"batch*"}, average);
    trained({"conv2d", "dense"}, average);
  }
  auto recipe = modern_recipe();
  recipe.frozen = {"conv"};
  CHECK_THROWS_WITH(modern_trainer(recipe), Contains("no layer is named \"conv\""));
}

TEST_CASE("A state of another preprocessing is refused") {
  const TempFolder folder;
  modern_trainer().save(folder / "state");
  auto pictures = small_pictures;
  pictures.standardize = true;
  auto other = modern_trainer(modern_recipe(), 1, pictures);
  CHECK_THROWS_WITH(other.restore(folder / "state"), Contains("began with preprocessing"));
}

TEST_CASE("Every option that changes a bit is in the recipe's line, by which a state is refused elsewhere") {
  using Change = void (*)(TrainOptions&);
  const TrainOptions adam{}, sgd = modern_recipe();
  auto plateau = adam, step = adam, cosine = adam;
  plateau.schedule.kind = ScheduleKind::plateau;
  step.schedule.kind = ScheduleKind::step;
  cosine.schedule.kind = ScheduleKind::cosine;
  const auto check_all = [](const TrainOptions& options, std::initializer_list<Change> changes) {
    std::set<std::string> texts{recipe_text(options)};
    for (const auto change : changes) {
      auto other = options;
      change(other);
      CAPTURE(recipe_text(other));
      CHECK(texts.insert(recipe_text(other)).second);
    }
  };
  check_all(adam, {[](auto& o) { o.learning_rate = 0.0010000001; },
                   [](auto& o) { o.batch = 33; },
                   [](auto& o) { o.seed = 2; },
                   [](auto& o) { o.optimizer.kind = OptimizerKind::adamw; },
                   [](auto& o) { o.optimizer.beta_1 = 0.8; },
                   [](auto& o) { o.optimizer.beta_2 = 0.99; },
                   [](auto& o) { o.optimizer.epsilon = 1e-8; },
                   [](auto& o) { o.optimizer.l2 = 1e-4; },
                   [](auto& o) { o.optimizer.clip_norm = 1; },
                   [](auto& o) { o.label_smoothing = 0.1; },
                   [](auto& o) { o.class_weights = ClassWeights::balanced; },
                   [](auto& o) { o.weight_average = 0.9; },
                   [](auto& o) { o.frozen = {"conv2d"}; },
                   [](auto& o) { o.schedule.kind = ScheduleKind::plateau; },
                   [](auto& o) { o.schedule.warmup_epochs = 1; },
                   [](auto& o) { o.augmentation.shift = 0.1f; },
                   [](auto& o) { o.augmentation.flip = false; },
                   [](auto& o) { o.augmentation.shear_degrees = 1; },
                   [](auto& o) { o.augmentation.crop = 2; },
                   [](auto& o) { o.augmentation.brightness = 0.1f; },
                   [](auto& o) { o.augmentation.contrast = 0.1f; },
                   [](auto& o) { o.augmentation.erase = 0.1f; }});
  check_all(sgd, {[](auto& o) { o.optimizer.momentum = 0.8; }, [](auto& o) { o.optimizer.nesterov = false; },
                  [](auto& o) { o.optimizer.weight_decay = 6e-4; }, [](auto& o) { o.optimizer.decayed = {"all"}; },
                  [](auto& o) { o.schedule.rise_share = 0.2; }, [](auto& o) { o.schedule.start_divisor = 25.0000001; },
                  [](auto& o) { o.schedule.end_divisor = 1e3; }, [](auto& o) { o.epochs = 4; }});
  check_all(plateau, {[](auto& o) { o.schedule.factor = 0.2; }, [](auto& o) { o.schedule.patience = 6; },
                      [](auto& o) { o.schedule.floor = 1e-5; }, [](auto& o) { o.schedule.threshold = 1e-3; }});
  check_all(step, {[](auto& o) { o.schedule.factor = 0.2; }, [](auto& o) { o.schedule.step_epochs = 6; }});
  check_all(cosine, {[](auto& o) { o.schedule.floor = 1e-5; }, [](auto& o) { o.epochs = 4; }});

  auto more = adam;
  more.epochs = 99;
  more.patience = 7;
  CHECK(recipe_text(more) == recipe_text(adam)); // these change nothing in the epochs before
}

TEST_CASE("Recipes have a name, a network, and options that pass their own check") {
  for (const auto& recipe : recipes()) {
    CHECK_NOTHROW(check(recipe.options));
    CHECK(&recipe_named(recipe.name) == &recipe);
  }
  CHECK(recipe_named("seed").options == TrainOptions{});
  CHECK(recipe_named("modern").net == "vgg8");
  CHECK_THROWS_WITH(recipe_named("moderm"), Contains("\"moderm\"") && Contains("seed, modern"));
  CHECK_THROWS_WITH(check(TrainOptions{.label_smoothing = 1}), Contains("label smoothing of 1"));
  CHECK_THROWS_WITH(check(TrainOptions{.weight_average = -0.5}), Contains("keeps -0.5"));
  CHECK_THROWS_WITH(check(TrainOptions{.patience = -1}), Contains("patience of -1"));
  CHECK_THROWS_WITH(check(TrainOptions{.optimizer = {.weight_decay = 1}}), Contains("adamw"));
}
