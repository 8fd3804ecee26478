// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/train/trouble.hpp"
#include "tests/support/catch.hpp"

#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>

using namespace mien;
using Catch::Contains;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// The epochs of a recorded training: see tests/unit/train/troubles/record.sh.
std::vector<EpochRow> recorded(const std::string& name) {
  std::ifstream file("tests/unit/train/troubles/" + name + ".csv");
  REQUIRE(file);
  std::vector<std::string> columns;
  std::vector<EpochRow> rows;
  for (std::string line, cell; std::getline(file, line);) {
    std::istringstream cells(line);
    std::map<std::string, double> value;
    if (columns.empty()) {
      while (std::getline(cells, cell, ',')) columns.push_back(cell);
      continue;
    }
    for (const auto& column : columns) {
      std::getline(cells, cell, ',');
      value[column] = std::stod(cell);
    }
    rows.push_back({.epoch = static_cast<int>(value["epoch"]),
                    .loss = value["loss"],
                    .accuracy = value["accuracy"],
                    .val_loss = value["val_loss"],
                    .val_accuracy = value["val_accuracy"],
                    .val_macro_f1 = value["val_macro_f1"],
                    .learning_rate = value["learning_rate"],
                    .gradient_norm = value["gradient_norm"]});
  }
  REQUIRE(rows.size() >= 3);
  return rows;
}

const std::vector<std::string> expressions = {"angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"};

/// Seven classes; the rate and the number of epochs are those of the rows.
TroubleContext seven(const std::vector<EpochRow>& rows, std::int64_t pictures_a_class, std::int64_t validation) {
  return {.classes = expressions,
          .class_counts = std::vector<std::int64_t>(7, pictures_a_class),
          .validation_pictures = validation,
          .epochs = static_cast<int>(rows.size()),
          .peak_learning_rate = rows.front().learning_rate};
}

/// The data of most recordings: 1,260 generated faces to learn from, 140 to measure on.
TroubleContext usual(const std::vector<EpochRow>& rows) { return seven(rows, 180, 140); }

/// The words of every trouble.
std::vector<std::string> told(const std::vector<EpochRow>& rows, const TroubleContext& context,
                              const Evaluation* validation = nullptr) {
  std::vector<std::string> words;
  for (const auto& trouble : troubles(rows, validation, context)) words.push_back(trouble.what);
  return words;
}

/// Nothing is told, neither at the end nor after any epoch before.
void check_silent(const std::vector<EpochRow>& rows, const TroubleContext& context) {
  for (std::size_t n = 0; n <= rows.size(); ++n) {
    const auto found = troubles(std::span(rows).first(n), nullptr, context);
    INFO("after epoch " << n << ": " << trouble_text(found));
    CHECK(found.empty());
  }
}

/// What a validation with these counts (truth x answer) is.
Evaluation answered(const std::vector<std::string>& labels, const std::vector<std::vector<int>>& counts) {
  std::vector<std::int32_t> truth;
  std::vector<float> p;
  for (std::size_t t = 0; t < labels.size(); ++t)
    for (std::size_t a = 0; a < labels.size(); ++a)
      for (int i = 0; i < counts[t][a]; ++i) {
        truth.push_back(static_cast<std::int32_t>(t));
        for (std::size_t k = 0; k < labels.size(); ++k) p.push_back(k == a ? 1.0f : 0.0f);
      }
  const Shape shape{static_cast<std::int64_t>(truth.size()), static_cast<std::int64_t>(labels.size())};
  return evaluate(truth, View<const float>(p.data(), shape), labels, {.resamples = 1});
}

/// A training that goes well: the loss halves from chance, validation follows.
std::vector<EpochRow> going_well(int epochs) {
  std::vector<EpochRow> rows;
  for (int i = 1; i <= epochs; ++i)
    rows.push_back({.epoch = i,
                    .loss = 0.4 + 0.9 / i,
                    .accuracy = 0.9 - 0.5 / i,
                    .val_loss = 0.5 + 0.9 / i,
                    .val_accuracy = 0.85 - 0.5 / i,
                    .val_macro_f1 = 0.8 - 0.5 / i,
                    .learning_rate = 1e-3,
                    .gradient_norm = 1});
  return rows;
}

TroubleContext three_classes(int epochs = 8) {
  return {.classes = {"a", "b", "c"}, .class_counts = {1000, 950, 50}, .validation_pictures = 210, .epochs = epochs};
}

} // namespace

TEST_CASE("trouble: knowing nothing but how frequent the classes are costs their entropy") {
  auto context = three_classes();
  context.class_counts = {2, 1, 1};
  CHECK(std::abs(chance_loss(context) - 1.5 * std::log(2)) < 1e-12);
  context.balanced = true;
  CHECK(std::abs(chance_loss(context) - std::log(3)) < 1e-12);
  context.balanced = false;
  context.label_smoothing = 1;
  CHECK(std::abs(chance_loss(context) - std::log(3)) < 1e-12);
}

TEST_CASE("trouble: trainings that go well are left in peace") {
  for (const auto* name : {"healthy", "healthy_fast"}) {
    const auto rows = recorded(name);
    check_silent(rows, usual(rows));
  }
  const auto other = recorded("healthy_seed_2");
  auto larger_batches = usual(other);
  larger_batches.batch = 64;
  check_silent(other, larger_batches);
  const auto few = recorded("healthy_few");
  auto small_batches = seven(few, 18, 14);
  small_batches.batch = 16;
  check_silent(few, small_batches);
  check_silent(going_well(12), three_classes());

  auto fer2013 = recorded("fer2013"); // the run of docs/accuracy.md
  auto context = seven(fer2013, 0, 2871);
  context.class_counts = {3595, 392, 3687, 6493, 4468, 4347, 2853};
  check_silent(fer2013, context);

  const auto modern = recorded("fer2013_modern"); // the run of vgg8 there
  context.epochs = 30;
  context.batch = 64;
  context.peak_learning_rate = 0.1;
  context.label_smoothing = 0.1;
  context.modern_recipe = true;
  check_silent(modern, context);
}

TEST_CASE("trouble: a rate far too low shows as a loss that falls steadily, and hardly") {
  const auto rows = recorded("rate_too_low");
  const auto found = troubles(rows, nullptr, usual(rows));
  REQUIRE(found.size() == 1);
  CHECK_THAT(found[0].what, Contains("the loss is not falling"));
  CHECK_THAT(found[0].evidence, Contains("nothing but how frequent the classes are reaches 1.946"));
  CHECK_THAT(found[0].suggestion, Contains("steadily") && Contains("--lr 1e-05"));

  const auto low = recorded("rate_low"); // a little is learnt
  CHECK_THAT(troubles(low, nullptr, usual(low)).at(0).suggestion, Contains("--lr 0.0003"));
}

TEST_CASE("trouble: a dead network gives one answer and has no gradient but chance") {
  const auto rows = recorded("dead");
  const auto found = troubles(rows, nullptr, usual(rows));
  REQUIRE(found.size() == 1);
  CHECK_THAT(found[0].what, Contains("the network is dead"));
  CHECK_THAT(found[0].evidence, Contains("same answer") && Contains("gradient norm"));
  CHECK_THAT(found[0].suggestion, Contains("--lr 0.03"));

  const auto slowly = recorded("dead_slowly"); // the offsets of the last layer still settle
  CHECK(told(slowly, usual(slowly)) == std::vector{found[0].what});
}

TEST_CASE("trouble: a rate too high shows as a loss above guessing") {
  const auto rows = recorded("rate_too_high");
  const auto found = troubles(rows, nullptr, usual(rows));
  REQUIRE(found.size() == 1);
  CHECK_THAT(found[0].what, Contains("the learning rate is too high"));
  CHECK_THAT(found[0].evidence, Contains("training loss"));
}

TEST_CASE("trouble: a rate too high also shows as a loss that gives back what was learnt") {
  auto rows = going_well(8);
  for (std::size_t i = 5; i < 8; ++i) rows[i].loss = 0.8;
  const auto found = troubles(rows, nullptr, three_classes());
  REQUIRE(found.size() == 1);
  CHECK_THAT(found[0].what, Contains("the learning rate is too high"));
  CHECK_THAT(found[0].evidence, Contains("rose from 0.700 about epoch 3 to 0.800") || Contains("rose from 0.6"));
  for (std::size_t i = 5; i < 8; ++i) rows[i].loss = 0.66; // less than a quarter of what was learnt
  CHECK(told(rows, three_classes()).empty());
}

TEST_CASE("trouble: a network that begins above guessing and comes down slowly does not have too high a rate") {
  auto rows = going_well(6);
  for (int i = 0; i < 6; ++i) {
    auto& row = rows[static_cast<std::size_t>(i)];
    row.loss = 2.1, row.accuracy = 0.33, row.val_loss = 2.1 - 0.001 * i;
  }
  auto context = three_classes(6);
  CHECK_THAT(troubles(rows, nullptr, context).at(0).suggestion, Contains("ten times the learning rate: --lr 0.01"));
  rows[4].val_loss = 2.2; // thrown about
  CHECK_THAT(troubles(rows, nullptr, context).at(0).what, Contains("the learning rate is too high"));
}

TEST_CASE("trouble: few pictures and many epochs are learnt by heart") {
  const auto rows = recorded("by_heart");
  auto context = seven(rows, 12, 56);
  context.batch = 16;
  context.augmented = false;
  const auto found = troubles(rows, nullptr, context);
  REQUIRE(found.size() == 1);
  CHECK_THAT(found[0].what, Contains("validation gets worse while training gets better"));
  CHECK_THAT(found[0].evidence, Contains("on 56 pictures, chance moves it by"));
  CHECK_THAT(found[0].suggestion, Contains("--rotation 10 --zoom 0.1"));
  context.augmented = true;
  CHECK_THAT(troubles(rows, nullptr, context).at(0).suggestion, Contains("--recipe modern"));
}

TEST_CASE("trouble: validation accuracy has to fall by more than chance moves it") {
  auto rows = going_well(12);
  for (std::size_t i = 8; i < 12; ++i) rows[i].val_accuracy = 0.76 - 0.02;
  const auto found_by = [&](std::int64_t pictures) {
    auto context = three_classes();
    context.validation_pictures = pictures;
    return troubles(rows, nullptr, context);
  };
  CHECK(found_by(300).empty()); // 2 sqrt(0.78 0.22 / 300) = 4.8 points
  const auto found = found_by(20'000);
  REQUIRE(found.size() == 1);
  CHECK_THAT(found[0].evidence, Contains("validation accuracy fell from") && Contains("while training accuracy went"));
}

TEST_CASE("trouble: a class that is never answered is named, once training got going") {
  const auto rows = going_well(8);
  const auto never = answered({"a", "b", "c"}, {{80, 20, 0}, {15, 80, 0}, {10, 5, 0}});
  auto context = three_classes();
  const auto found = troubles(rows, &never, context);
  REQUIRE(found.size() == 1);
  CHECK(found[0].what == "c is never answered");
  CHECK_THAT(found[0].evidence, Contains("none of the 210 validation pictures was called c, though 15 are so") &&
                                    Contains("50 of the 2000"));
  CHECK_THAT(found[0].suggestion, Contains("--class-weights balanced"));

  context.balanced = true;
  CHECK_THAT(troubles(rows, &never, context).at(0).suggestion, Contains("--epochs 16"));
  context.epochs = 30; // too early to say
  CHECK(told(rows, context, &never).empty());
}

TEST_CASE("trouble: a class with so few validation pictures that chance may hide it is not named") {
  const auto hidden = answered({"a", "b", "c"}, {{80, 20, 0}, {15, 80, 0}, {2, 0, 0}});
  CHECK(told(going_well(8), three_classes(), &hidden).empty());
  const auto absent = answered({"a", "b", "c"}, {{80, 20, 0}, {15, 80, 0}, {0, 0, 0}});
  CHECK(told(going_well(8), three_classes(), &absent).empty());
}

TEST_CASE("trouble: a class that is never answered, recorded") {
  const auto rows = recorded("rare_class");
  std::ifstream file("tests/unit/train/troubles/rare_class_confusion.txt");
  std::vector<std::vector<int>> counts(7, std::vector<int>(7));
  for (auto& row : counts)
    for (auto& count : row) REQUIRE(file >> count);
  const auto validation = answered(expressions, counts);
  auto context = usual(rows);
  context.class_counts[1] = 7;
  context.validation_pictures = 121;
  CHECK(told(rows, context, &validation) == std::vector<std::string>{"disgust is never answered"});
}

TEST_CASE("trouble: a warm-up is not held against a training, and few steps ask for more epochs") {
  auto rows = going_well(6);
  for (auto& row : rows) row.loss = 0.82, row.learning_rate = 1e-5; // chance is 0.81
  CHECK(told(rows, three_classes()).empty());
  for (auto& row : rows) row.learning_rate = 1e-3;
  CHECK_THAT(told(rows, three_classes()).at(0), Contains("the loss is not falling"));

  auto context = three_classes(6);
  context.class_counts = {20, 19, 1};
  CHECK_THAT(troubles(rows, nullptr, context).at(0).suggestion, Contains("12 steps are too few") && Contains("60"));

  const auto few = recorded("too_few_steps");
  CHECK_THAT(troubles(few, nullptr, seven(few, 18, 14)).at(0).suggestion, Contains("48 steps") && Contains("120"));
  CHECK(troubles(std::span(few).first(11), nullptr, seven(few, 18, 14)).empty());
}

TEST_CASE("trouble: a loss that is not finite counts before all others") {
  auto rows = going_well(4);
  rows[3].val_loss = not_a_number;
  CHECK(told(rows, three_classes()) == std::vector<std::string>{"the loss is no longer a finite number"});
}

TEST_CASE("trouble: names and counts have to fit") {
  auto context = three_classes();
  context.class_counts.pop_back();
  CHECK_THROWS_WITH(told({}, context), Contains("3 classes and counts of 2"));
}

TEST_CASE("step watch: a loss or gradient that is not finite is told at once, and once") {
  StepWatch watch(7);
  CHECK_FALSE(watch.watch({.step = 1, .steps = 9, .loss = 1.9, .gradient_norm = 1, .learning_rate = 1e-3}));
  const auto trouble =
      watch.watch({.step = 2, .steps = 9, .loss = not_a_number, .gradient_norm = 7, .learning_rate = 1e-3});
  REQUIRE(trouble);
  CHECK(trouble_sentence(*trouble) == "the loss is no longer a finite number: after step 2 of 9 in epoch 1, at "
                                      "learning rate 0.001, gradient norm 7; begin again with a tenth of the learning "
                                      "rate: --lr 0.0001");
  CHECK_FALSE(watch.watch({.step = 3, .loss = not_a_number}));
}

namespace {

/// The step at which the watch speaks, of 200 whose loss and gradient norm these functions give; 0: it never does.
template <class Loss, class Norm> std::pair<int, std::string> watched(Loss loss, Norm norm) {
  StepWatch watch(7);
  std::pair<int, std::string> spoke;
  for (int step = 1; step <= 200; ++step)
    if (const auto trouble = watch.watch({.step = step, .loss = loss(step), .gradient_norm = norm(step)})) {
      CHECK(spoke.first == 0);
      spoke = {step, trouble->what};
    }
  return spoke;
}

} // namespace

TEST_CASE("step watch: what lasts is told, what passes is not") {
  const auto falling = [](int step) { return 2.0 / step; };
  const auto high = [](int step) { return step > 50 ? 4.0 : 1.9; };
  const auto guessing = [](int) { return 1.946; };
  const auto one = [](int) { return 1.0; };
  const auto none = [](int) { return 0.0; };
  const auto spikes = [](int step) { return step % 20 == 0 ? 1000.0 : 1.0; };
  const auto explodes = [](int step) { return step > 100 ? std::exp2(step - 100) : 1.0; };

  CHECK(watched(falling, one).first == 0);
  CHECK(watched(falling, spikes).first == 0);
  CHECK(watched(falling, none).first == 0); // there is nothing left to learn
  CHECK(watched([](int step) { return step % 30 == 0 ? 1.0 : 4.0; }, one).first == 0);

  CHECK(watched(high, one).first == 80);
  CHECK_THAT(watched(high, one).second, Contains("learning rate is too high"));
  CHECK(watched(guessing, none).first == 30);
  CHECK_THAT(watched(guessing, none).second, Contains("dead"));
  CHECK(watched(guessing, explodes).first == 117); // 2^8 is above a hundred times the mean by then, ten in a row
  CHECK_THAT(watched(guessing, explodes).second, Contains("explodes"));
}

TEST_CASE("trouble news: each is told once") {
  TroubleNews news;
  const std::vector<Trouble> first = {{"a", "1", "x"}}, both = {{"a", "2", "x"}, {"b", "3", "y"}};
  CHECK(news.fresh(first) == first);
  CHECK(news.fresh(both) == std::vector<Trouble>{both[1]});
  CHECK(news.fresh(both).empty());
}

TEST_CASE("trouble text: a note, indented lines of at most 80") {
  const auto rows = recorded("rate_too_low");
  const auto text = trouble_text(troubles(rows, nullptr, usual(rows)));
  std::istringstream lines(text);
  int n = 0;
  for (std::string line; std::getline(lines, line); ++n) {
    CHECK(line.size() <= 80);
    CHECK(line.starts_with(n == 0 ? "note: " : "      "));
    CHECK(line.back() != ' ');
  }
  CHECK(n >= 4);
  CHECK_THAT(text, Contains("\n      seen: ") && Contains("\n      try: "));
  CHECK(trouble_text({}).empty());
}
