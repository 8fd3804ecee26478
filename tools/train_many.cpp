// SPDX-License-Identifier: Apache-2.0
#include "tools/train_many.hpp"

#include "tools/folder_lock.hpp"
#include "tools/interrupt.hpp"
#include "tools/run_json.hpp"
#include "tools/run_table.hpp"
#include "tools/train_folds.hpp"
#include "tools/train_run.hpp"

#include "mien/core/error.hpp"
#include "mien/data/split.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/nn/model_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace mien::cli {
namespace {

namespace fs = std::filesystem;

/// Whether a folder's name is that of one of several trainings.
bool is_of_many(const std::string& name) {
  for (const std::string_view kind : {"seed-", "fold-"}) {
    if (!name.starts_with(kind) || name.size() == kind.size()) continue;
    if (name.find_first_not_of("0123456789", kind.size()) == name.npos) return true;
  }
  return false;
}

void remove_earlier(const fs::path& out) {
  std::vector<fs::path> old;
  for (const auto* name : {"seeds.json", "folds.json", "answers.csv", "label-errors.csv", "label-errors.png"})
    old.push_back(out / name);
  for (const auto& entry : fs::directory_iterator(out))
    if (is_of_many(entry.path().filename().string())) old.push_back(entry);
  for (const auto& path : old) fs::remove_all(path);
}

/// Begins the folder, or finds that it is the one to go on in.
void take_folder(const ManyJob& job, const Dataset& data) {
  const auto& s = job.settings;
  const auto run_json = s.out / "run.json";
  const auto fingerprint = data_fingerprint(data);
  if (s.resume.empty())
    remove_earlier(s.out);
  else if (recorded_fingerprint(run_json) != fingerprint)
    throw Error(concat(s.out.string(), ": this is no folder of several trainings on the pictures of ", s.data.string(),
                       "; --resume takes the folder that --seeds or --folds was given as --out, with those pictures"));
  write_options_json(run_json, recorded_options(job.command, s.data),
                     {.command = "train",
                      .training_pictures = data.size(),
                      .fingerprint = fingerprint,
                      .threads = job.common.threads});
}

/// The options that one training's run.json and report show.
NamedValues recorded(const ManyJob& job, const OneOfMany& one) {
  auto options = recorded_options(job.command, job.settings.data);
  for (auto& [name, text] : options) {
    if (name == "seed") text = fmt::format("{}", one.seed);
    if (one.by_itself && (name == "seeds" || name == "folds")) text = "0";
  }
  return options;
}

bool is_calibrated(const fs::path& model) { return fs::exists(model) && load_model(model).calibration.has_value(); }

constexpr const char* seeds_are_worth =
    "The seed draws the validation pictures as well as weights, order and variations: the deviation is that of all.\n";

int train_seeds(const ManyJob& job, const Dataset& data) {
  RunTable table{.kind = "seed",
                 .columns = {{"epoch", "epoch", 1, 0},
                             {"accuracy", "accuracy %", 100, 1},
                             {"macro_f1", "macro F1", 1, 3},
                             {"loss", "loss", 1, 3}}};
  for (int i = 0; i < job.many.seeds; ++i) {
    auto common = job.common;
    auto settings = job.settings;
    common.seed = settings.recipe.seed = job.common.seed + static_cast<std::uint64_t>(i);
    auto quiet = common;
    quiet.quiet = true;
    auto material = cut_pictures(data, settings, quiet);
    if (i == 0) tell_of(material, settings, common);
    say(common, fmt::format("\nseed {} ({} of {})\n", common.seed, i + 1, job.many.seeds));
    const auto best = train_one({job.command, settings, common, job.many},
                                {"seed", common.seed, common.seed, /* by_itself = */ true}, std::move(material));
    if (!best) return exit_interrupted;
    table.rows.push_back(
        {common.seed, {static_cast<double>(best->epoch), best->val_accuracy, best->val_macro_f1, best->val_loss}});
  }
  write_atomically(job.settings.out / "seeds.json", run_table_json(table) + "\n");
  say(job.common, "\n");
  print(run_table_text(table));
  say(job.common, concat(seeds_are_worth, job.settings.out.string(), " holds seeds.json and a run for every seed\n"));
  return 0;
}

} // namespace

void ManySettings::bind(Command& command) {
  command.group("Several trainings");
  command.option("seeds", seeds, "N", "Train with N seeds, from --seed on, and tell how figures vary; 0: do not",
                 Range{0, 10'000});
  command.option("folds", folds, "K", "Name every picture by a model trained without it: K-fold; 0: do not",
                 Range{0, 10'000});
}

void ManySettings::settle(const Command& command, TrainSettings& s) const {
  if (seeds > 0 && folds > 0)
    throw UsageError("--seeds and --folds exclude each other: the first repeats one training, the second cuts the "
                     "pictures into folds");
  if (seeds == 1 || folds == 1) throw UsageError("--seeds and --folds take 2 or more: one training needs neither");
  if (asked() && !command.given("out") && s.resume.empty()) s.out += folds > 0 ? "-folds" : "-seeds";
}

fs::path folder_of(const ManyJob& job, const OneOfMany& one) {
  return job.settings.out / fmt::format("{}-{}", one.kind, one.number);
}

std::optional<EpochRow> train_one(const ManyJob& job, const OneOfMany& one, TrainMaterial material) {
  auto& s = job.settings;
  const auto path = folder_of(job, one);
  const FolderLock lock(path);
  Trainer trainer(std::move(material.model), material.preprocessing, std::move(material.train),
                  std::move(material.validation), s.recipe, job.common.threads);
  const auto options = recorded(job, one);
  const RunFolder folder(
      path, folder_options(s, std::move(material.seen), fmt::format("{} {}", one.kind, one.number), options));
  const bool goes_on = fs::exists(folder.state());
  if (goes_on)
    folder.resume(trainer, s.force);
  else
    folder.begin(trainer);
  write_options_json(path / "run.json", options,
                     {.command = "train",
                      .training_pictures = trainer.training_pictures(),
                      .validation_pictures = trainer.validation_pictures(),
                      .fingerprint = trainer.data_fingerprint(),
                      .threads = job.common.threads});
  if (goes_on && trainer.finished() && is_calibrated(folder.model())) {
    say(job.common, "finished before\n");
    return *trainer.best();
  }
  say(job.common, beginning_text(trainer, s, path));
  if (!run_to_end(trainer, folder, s, job.common, job.settings.out)) return {};
  return *trainer.best();
}

int train_many(const ManyJob& job) {
  auto& s = job.settings;
  const auto read = read_pictures(s, job.common);
  s.note(read.preprocessing);
  const FolderLock lock(s.out);
  take_folder(job, read.data);
  return job.many.folds > 0 ? train_folds(job, read.data) : train_seeds(job, read.data);
}

} // namespace mien::cli
