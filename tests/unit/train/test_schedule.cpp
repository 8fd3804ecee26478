// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/train/schedule.hpp"
#include "tests/support/catch.hpp"

#include <limits>
#include <vector>

using namespace mien;
using Catch::Contains;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

ScheduleProgress at(std::int64_t step) { return {.step = step, .total_steps = 100, .steps_per_epoch = 10}; }

/// Epochs with these validation losses and accuracies.
std::vector<EpochRow> epochs(const std::vector<std::pair<double, double>>& figures) {
  std::vector<EpochRow> rows;
  for (const auto& [loss, accuracy] : figures) rows.push_back({.val_loss = loss, .val_accuracy = accuracy});
  return rows;
}

} // namespace

TEST_CASE("schedule: warm-up is a straight line to the peak, for every kind that has it") {
  for (const auto kind : {ScheduleKind::constant, ScheduleKind::step, ScheduleKind::plateau, ScheduleKind::cosine}) {
    const Schedule schedule{.kind = kind, .warmup_epochs = 2};
    CAPTURE(name_of(kind));
    CHECK(learning_rate(schedule, 0.5, at(0)) == Approx(0.5 / 20));
    CHECK(learning_rate(schedule, 0.5, at(9)) == Approx(0.25));
    CHECK(learning_rate(schedule, 0.5, at(19)) == Approx(0.5));
    CHECK(learning_rate(schedule, 0.5, at(20)) == Approx(0.5));
  }
  CHECK(learning_rate({}, 0.5, at(0)) == 0.5);
  CHECK(learning_rate({}, 0.5, at(99)) == 0.5);
}

TEST_CASE("schedule: what is beyond the last step, or too short, still has a rate") {
  const Schedule cycle{.kind = ScheduleKind::one_cycle}, cosine{.kind = ScheduleKind::cosine, .warmup_epochs = 20};
  CHECK(learning_rate(cycle, 1, at(99)) == Approx(1 / 25e4));
  CHECK(learning_rate(cycle, 1, at(500)) == learning_rate(cycle, 1, at(99)));
  CHECK(learning_rate(cycle, 1, {}) > 0); // one step in all
  CHECK(learning_rate({.kind = ScheduleKind::one_cycle, .rise_share = 0}, 1, at(0)) == 1);
  CHECK(learning_rate({.kind = ScheduleKind::one_cycle, .rise_share = 1}, 1, at(99)) == 1);
  CHECK(learning_rate(cosine, 1, at(99)) == Approx(0.5)); // the warm-up is longer than the training
  CHECK(learning_rate(cosine, 1, at(300)) == 1);
}

TEST_CASE("schedule: a loss that is not a number is no progress") {
  const Schedule schedule{.kind = ScheduleKind::plateau, .factor = 0.5, .patience = 1};
  const auto rows = epochs({{not_a_number, 0}, {not_a_number, 0}});
  CHECK(learning_rate(schedule, 1, {.step = 2, .total_steps = 9, .rows = rows}) == 0.5);
}

TEST_CASE("schedule: names and numbers that mean nothing are refused in words") {
  CHECK(schedule_named("one_cycle") == ScheduleKind::one_cycle);
  CHECK(name_of(ScheduleKind::plateau) == "plateau");
  CHECK_THROWS_WITH(schedule_named("cosin"), Contains("\"cosin\"") && Contains("cosine"));
  CHECK_NOTHROW(check(Schedule{}));
  CHECK_THROWS_WITH(check(Schedule{.factor = 0}), Contains("factor is 0"));
  CHECK_THROWS_WITH(check(Schedule{.step_epochs = 0}), Contains("step_epochs"));
  CHECK_THROWS_WITH(check(Schedule{.warmup_epochs = not_a_number}), Contains("warmup_epochs"));
  CHECK_THROWS_WITH(check(Schedule{.rise_share = 2}), Contains("between 0 and 1"));
  CHECK(depends_on_length({.kind = ScheduleKind::cosine}));
  CHECK_FALSE(depends_on_length({.kind = ScheduleKind::plateau}));
}

TEST_CASE("early stopping: so many epochs without a better loss or accuracy end a training") {
  CHECK_FALSE(stopped_early({}, 1));
  const auto falling = epochs({{2, .1}, {1.5, .2}, {1.4, .3}});
  CHECK_FALSE(stopped_early(falling, 1));
  const auto stuck = epochs({{2, .1}, {1, .5}, {1.1, .4}, {1.0, .5}});
  CHECK(stopped_early(stuck, 2));
  CHECK_FALSE(stopped_early(stuck, 3));
  CHECK_FALSE(stopped_early(stuck, 0));
  const auto rising = epochs({{1, .5}, {1.1, .6}, {1.2, .7}}); // the loss alone would stop here
  CHECK_FALSE(stopped_early(rising, 2));
  CHECK(stopped_early(rising, 2, 0.5)); // so little does not count
  CHECK(stopped_early(epochs({{1, .5}, {not_a_number, 0}, {not_a_number, 0}}), 2));
}
