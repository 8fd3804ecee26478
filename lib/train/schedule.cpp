// SPDX-License-Identifier: Apache-2.0
#include "mien/train/schedule.hpp"

#include "mien/core/error.hpp"
#include "mien/core/math.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace mien {
namespace {

constexpr std::array<std::string_view, 5> names{"constant", "step", "plateau", "cosine", "one_cycle"};

/// Half a cosine from a to b, for t in [0, 1].
double annealed(double a, double b, double t) noexcept { return b + (a - b) / 2 * (1 + math::cos_turns(t / 2)); }

double one_cycle(const Schedule& s, double peak, std::int64_t step, std::int64_t total) noexcept {
  const double first = peak / s.start_divisor, last = first / s.end_divisor;
  const double end = static_cast<double>(total - 1), at = static_cast<double>(step);
  const double top = std::max(0.0, s.rise_share * static_cast<double>(total) - 1); // between two steps, as in PyTorch
  if (at <= top && top > 0) return annealed(first, peak, at / top);
  return top < end ? annealed(peak, last, (at - top) / (end - top)) : peak;
}

double plateau(const Schedule& s, double peak, std::span<const EpochRow> rows) noexcept {
  constexpr double smallest_drop = 1e-8; // PyTorch's eps: less is not worth a change
  double best = std::numeric_limits<double>::infinity(), rate = peak;
  int bad = 0;
  for (const auto& row : rows) {
    const bool better = row.val_loss < best * (1 - s.threshold); // false for NaN
    if (better) best = row.val_loss;
    bad = better ? 0 : bad + 1;
    if (bad <= s.patience) continue;
    bad = 0;
    const double dropped = std::max(rate * s.factor, s.floor);
    if (rate - dropped > smallest_drop) rate = dropped;
  }
  return rate;
}

void expect(bool good, const char* name, double value, const char* needed) {
  if (!good) throw Error(concat("schedule: ", name, " is ", value, ", it must be ", needed));
}

} // namespace

std::string_view name_of(ScheduleKind kind) noexcept { return names[static_cast<std::size_t>(kind)]; }

ScheduleKind schedule_named(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return static_cast<ScheduleKind>(i);
  throw Error(concat("there is no schedule \"", name, "\"; there are constant, step, plateau, cosine and one_cycle"));
}

void check(const Schedule& s) { // NaN passes none of these
  expect(s.warmup_epochs >= 0 && std::isfinite(s.warmup_epochs), "warmup_epochs", s.warmup_epochs, "at least 0");
  expect(s.factor > 0 && s.factor <= 1, "factor", s.factor, "more than 0 and at most 1");
  expect(s.step_epochs >= 1, "step_epochs", s.step_epochs, "at least 1");
  expect(s.patience >= 0, "patience", s.patience, "at least 0");
  expect(s.threshold >= 0 && s.threshold < 1, "threshold", s.threshold, "at least 0 and less than 1");
  expect(s.floor >= 0 && std::isfinite(s.floor), "floor", s.floor, "at least 0");
  expect(s.rise_share >= 0 && s.rise_share <= 1, "rise_share", s.rise_share, "between 0 and 1");
  expect(s.start_divisor >= 1 && std::isfinite(s.start_divisor), "start_divisor", s.start_divisor, "at least 1");
  expect(s.end_divisor >= 1 && std::isfinite(s.end_divisor), "end_divisor", s.end_divisor, "at least 1");
}

bool depends_on_length(const Schedule& schedule) noexcept {
  return schedule.kind == ScheduleKind::cosine || schedule.kind == ScheduleKind::one_cycle;
}

double learning_rate(const Schedule& s, double peak, const ScheduleProgress& progress) noexcept {
  const auto step = std::clamp<std::int64_t>(progress.step, 0, std::max<std::int64_t>(progress.total_steps - 1, 0));
  if (s.kind == ScheduleKind::one_cycle) return one_cycle(s, peak, step, progress.total_steps);
  const auto epoch = progress.step / std::max<std::int64_t>(progress.steps_per_epoch, 1);
  const double warm = std::floor(s.warmup_epochs * static_cast<double>(progress.steps_per_epoch) + 0.5);
  const double done = static_cast<double>(progress.step);
  if (done < warm) return peak * (done + 1) / warm;
  switch (s.kind) {
  case ScheduleKind::step: return peak * math::pow(s.factor, epoch / s.step_epochs);
  case ScheduleKind::plateau:
    return plateau(s, peak, progress.rows.first(std::min(progress.rows.size(), static_cast<std::size_t>(epoch))));
  case ScheduleKind::cosine: {
    const double length = static_cast<double>(progress.total_steps) - warm;
    return length > 0 ? annealed(peak, s.floor, (static_cast<double>(step) - warm) / length) : peak;
  }
  default: return peak;
  }
}

bool stopped_early(std::span<const EpochRow> rows, int patience, double min_delta) noexcept {
  if (patience <= 0 || rows.empty()) return false;
  double loss = std::numeric_limits<double>::infinity(), accuracy = -1;
  std::size_t last = 0; // the last epoch that brought something
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!(rows[i].val_loss < loss - min_delta || rows[i].val_accuracy > accuracy + min_delta)) continue;
    loss = std::min(loss, rows[i].val_loss);
    accuracy = std::max(accuracy, rows[i].val_accuracy);
    last = i;
  }
  return rows.size() - 1 - last >= static_cast<std::size_t>(patience);
}

} // namespace mien
