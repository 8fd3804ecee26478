// SPDX-License-Identifier: Apache-2.0
#include "mien/train/schedule.hpp"
#include "tests/golden/fixture.hpp"
#include "tests/support/close.hpp"

using namespace mien;
using namespace mien::test;

namespace {

constexpr double peak = 0.1;

/// The rates of so many steps, `steps_per_epoch` an epoch.
std::vector<double> rates(const Schedule& schedule, std::int64_t steps, std::int64_t steps_per_epoch,
                          std::span<const EpochRow> rows = {}) {
  std::vector<double> found;
  for (std::int64_t step = 0; step < steps; ++step)
    found.push_back(learning_rate(
        schedule, peak, {.step = step, .total_steps = steps, .steps_per_epoch = steps_per_epoch, .rows = rows}));
  return found;
}

/// The fixture is rounded to float.
void check_rates(const std::string& name, const std::vector<double>& found) {
  const Fixture fixture("schedules");
  CAPTURE(name);
  const auto expected = fixture.expected(name);
  CHECK(close<double>(found, expected, expected, Bound{.c = 2}));
}

} // namespace

TEST_CASE("golden: schedules are PyTorch's, step by step") {
  check_rates("step", rates({.kind = ScheduleKind::step, .factor = 0.3, .step_epochs = 3}, 40, 4));
  check_rates("cosine", rates({.kind = ScheduleKind::cosine, .floor = 0.001}, 40, 4));
  check_rates("cosine_warm", rates({.kind = ScheduleKind::cosine, .warmup_epochs = 1.5, .floor = 0.001}, 40, 4));
  check_rates("one_cycle", rates({.kind = ScheduleKind::one_cycle}, 40, 4));
  check_rates(
      "one_cycle_early",
      rates({.kind = ScheduleKind::one_cycle, .rise_share = 0.21, .start_divisor = 10, .end_divisor = 50}, 37, 5));
}

TEST_CASE("golden: the plateau's rate is PyTorch's, replayed from the epochs there were") {
  const Fixture fixture("schedules");
  std::vector<EpochRow> rows;
  for (const float loss : fixture["val_loss"]) rows.push_back({.val_loss = static_cast<double>(loss)});
  const Schedule schedule{.kind = ScheduleKind::plateau, .factor = 0.3, .patience = 2, .floor = 0.002};
  const auto epochs = static_cast<std::int64_t>(rows.size());
  check_rates("plateau", rates(schedule, epochs, 1, rows)); // rows of epochs to come change nothing
}
