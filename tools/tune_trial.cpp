// SPDX-License-Identifier: Apache-2.0
#include "tools/tune_trial.hpp"

#include "tools/interrupt.hpp"
#include "tools/run_json.hpp"

#include "mien/emotion/generated_faces.hpp"
#include "mien/emotion/labels.hpp"
#include "mien/train/run_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <map>
#include <system_error>

namespace mien::cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// For how many epochs a trial was begun; 0 if it was not.
int epochs_begun(const fs::path& run_json, const TuneJob& job) {
  if (!fs::exists(run_json)) return 0;
  TrialSettings past(job.recipe, job.common);
  fs::path data;
  apply_run_json(run_json, past.command, data);
  return past.settings.recipe.epochs;
}

/// What the epochs after `from` have taken before this process.
double seconds_before(const TrainProgress& progress, int from) {
  double seconds = progress.seconds;
  for (const auto& row : progress.rows)
    if (row.epoch > from) seconds += row.seconds;
  return seconds;
}

} // namespace

fs::path trial_folder(const fs::path& out, int trial) { return out / fmt::format("trial-{}", trial); }

std::string drawn_text(const SearchSpace& space, int trial) {
  std::string text;
  const auto values = draw_trial(space, trial);
  for (std::size_t i = 0; i < values.size(); ++i)
    text += fmt::format("{}--{} {}", text.empty() ? "" : " ", space.parameters[i].name, values[i]);
  return text;
}

void settle_trial(TrialSettings& trial, const TuneJob& job, int number, int epochs) {
  for (const auto& [name, text] : job.fixed) trial.command.set(name, text);
  const auto values = draw_trial(job.space, number);
  for (std::size_t i = 0; i < values.size(); ++i) trial.command.set(job.space.parameters[i].name, values[i]);
  trial.command.set("epochs", fmt::format("{}", epochs));
  trial.settings.data = job.data;
  trial.settings.settle(trial.command, trial.common);
}

std::optional<TrialRow> run_trial(const TuneJob& job, const TrainMaterial& material, const NextTrial& next,
                                  const std::function<void(const StepReport&)>& on_step) {
  const auto start = Clock::now();
  TrialSettings trial(job.recipe, job.common);
  settle_trial(trial, job, next.trial, next.epochs);
  auto own = prepare_again(material, trial.settings, trial.common);
  trial.settings.note(own.preprocessing);
  Trainer trainer(std::move(own.model), own.preprocessing, std::move(own.train), std::move(own.validation),
                  trial.settings.recipe, job.common.threads);

  const auto path = trial_folder(job.out, next.trial);
  const RunFolder folder(path, {.golden_face = draw_face(expression_index("happy"), 1, 0),
                                .seen = material.seen,
                                .title = fmt::format("trial {}", next.trial),
                                .settings = recorded_options(trial.command, job.data)});
  const bool goes_on =
      fs::exists(folder.state()) && (job.options.continues || epochs_begun(path / "run.json", job) == next.epochs);
  if (goes_on)
    folder.resume(trainer);
  else
    folder.begin(trainer);
  write_run_json(path / "run.json", trial.command, job.data, trainer, job.common.threads);

  TrialRow row{.trial = next.trial, .epochs = next.epochs, .seconds = seconds_before(trainer.progress(), next.from)};
  try {
    const TrainEvents events{
        .on_step = on_step, .on_epoch = [&](const EpochRow&) { folder.save_epoch(trainer); }, .stop = interrupted};
    if (!trainer.run(events)) {
      folder.save_state(trainer);
      return {};
    }
    const std::span rows(trainer.progress().rows); // more than were asked for if the table has lost a line
    const auto* best = best_epoch(rows.first(std::min(rows.size(), static_cast<std::size_t>(next.epochs))));
    row.accuracy = best->val_accuracy;
    row.loss = best->val_loss;
  } catch (const Diverged&) {
    row.loss = std::numeric_limits<double>::quiet_NaN();
  }
  row.seconds += std::chrono::duration<double>(Clock::now() - start).count();
  return row;
}

void remove_weights_of_losers(const TuneJob& job, std::span<const TrialRow> rows, const NextTrial& next) {
  std::map<int, int> epochs;
  for (const auto& row : rows) epochs[row.trial] = std::max(epochs[row.trial], row.epochs);
  const auto* best = best_trial(rows);
  for (const auto& [trial, done] : epochs) {
    const bool may_go_on = done >= (next.epochs + job.options.eta - 1) / job.options.eta;
    if (may_go_on || trial == best->trial || trial == next.trial) continue;
    std::error_code ignored; // they only take room
    for (const auto* name : {"model.safetensors", "last.safetensors", "state.safetensors"})
      fs::remove(trial_folder(job.out, trial) / name, ignored);
  }
}

} // namespace mien::cli
