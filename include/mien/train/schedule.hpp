// SPDX-License-Identifier: Apache-2.0
// How the learning rate changes while a training goes on, and when it ends early.
#pragma once

#include "mien/train/history.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace mien {

enum class ScheduleKind : std::uint8_t { constant, step, plateau, cosine, one_cycle };

/// `constant`, `step`, `plateau`, `cosine` or `one_cycle`.
[[nodiscard]] std::string_view name_of(ScheduleKind kind) noexcept;
/// The kind of that name. Throws Error naming the choices.
[[nodiscard]] ScheduleKind schedule_named(std::string_view name);

/// Which schedule, and all its numbers but the peak: the highest rate there is.
struct Schedule {
  ScheduleKind kind = ScheduleKind::constant;
  double warmup_epochs = 0;  ///< the rate rises to the peak in a straight line; one_cycle has a rise of its own
  double factor = 0.1;       ///< step, plateau: what a drop leaves of the rate
  int step_epochs = 30;      ///< step: epochs from one drop to the next
  int patience = 5;          ///< plateau: epochs without progress that are borne; the next one makes the rate drop
  double threshold = 1e-4;   ///< plateau: progress is a validation loss less than (1 - threshold) * the best one
  double floor = 0;          ///< plateau, cosine: the lowest rate
  double rise_share = 0.3;   ///< one_cycle: of all steps, those that rise
  double start_divisor = 25; ///< one_cycle: it begins at peak / start_divisor
  double end_divisor = 1e4;  ///< one_cycle: it ends at the beginning's rate / end_divisor

  friend bool operator==(const Schedule&, const Schedule&) = default;
};

/// Throws Error unless every number is one that its formula allows.
void check(const Schedule& schedule);

/// Whether the rate of a step depends on how many steps there will be in all: then a training with more epochs is
/// another one from the first step on.
[[nodiscard]] bool depends_on_length(const Schedule& schedule) noexcept;

/// Where a training stands.
struct ScheduleProgress {
  std::int64_t step = 0;            ///< steps done, of all epochs
  std::int64_t total_steps = 1;     ///< of all epochs
  std::int64_t steps_per_epoch = 1; ///< the last one of an epoch included
  std::span<const EpochRow> rows{}; ///< of finished epochs: plateau replays their val_loss
};

/// The rate of the step that comes next: a function of progress, so that resuming needs no state.
///
///   warm-up    peak (step + 1) / W for the first W = warmup_epochs steps_per_epoch steps; then, with e = the epoch:
///   constant   peak
///   step       peak factor^floor(e / step_epochs); epochs of the warm-up count
///   plateau    peak factor^drops, but not below the floor
///   cosine     floor + (peak - floor) (1 + cos(pi t)) / 2, t = (step - W) / (total_steps - W)
///   one_cycle  half a cosine up from peak / start_divisor, half a cosine down to the end
///
/// Momentum stays as it is. A step beyond the last has the last one's rate.
/// Source: PyTorch's StepLR, ReduceLROnPlateau, CosineAnnealingLR and OneCycleLR(cycle_momentum=False); Loshchilov and
/// Hutter 2017, "SGDR"; Smith and Topin 2019, "Super-convergence".
[[nodiscard]] double learning_rate(const Schedule& schedule, double peak, const ScheduleProgress& progress) noexcept;

/// Whether the last `patience` epochs brought nothing: no validation loss less than the best before by more than
/// min_delta, and no validation accuracy above the best before by more than min_delta. A patience of 0 never stops.
///
/// Source: keras.callbacks.EarlyStopping, which watches one figure alone; here the model kept is the most accurate one,
/// whose accuracy often rises on while the loss does not fall any more.
[[nodiscard]] bool stopped_early(std::span<const EpochRow> rows, int patience, double min_delta = 0) noexcept;

} // namespace mien
