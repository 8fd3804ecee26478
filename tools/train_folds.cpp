// SPDX-License-Identifier: Apache-2.0
#include "tools/train_folds.hpp"

#include "tools/inputs.hpp"
#include "tools/interrupt.hpp"
#include "tools/label_error_files.hpp"
#include "tools/run_table.hpp"

#include "mien/core/error.hpp"
#include "mien/data/split.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/train/calibration.hpp"
#include "mien/train/report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <algorithm>
#include <span>
#include <utility>

namespace mien::cli {
namespace {

using Json = nlohmann::ordered_json;

/// What cross-validation has come to: a row a fold, and an answer a picture.
struct CrossValidation {
  RunTable table;
  Answers answers; ///< the rows of folds that are done
};

void expect_memory(const Dataset& data, const std::filesystem::path& path) {
  if (!data.packed) return;
  throw Error(concat(path.string(), ": --folds compares all pictures with one another, to keep copies in one fold, and "
                                    "a pack may be larger than memory; give the folder or CSV it was made from"));
}

/// A class with fewer different pictures than folds is not in every one.
void warn_of_small_classes(const Dataset& data, std::span<const std::size_t> firsts, int folds) {
  std::vector<std::size_t> different(data.classes.size());
  for (std::size_t i = 0; i < firsts.size(); ++i) different[static_cast<std::size_t>(data.label(i))] += firsts[i] == i;
  for (std::size_t c = 0; c < different.size(); ++c)
    if (different[c] > 0 && different[c] < static_cast<std::size_t>(folds))
      say_warning(fmt::format("{} has {} for {} folds: some folds have none to measure on", data.classes[c],
                              plural(different[c], "different picture"), folds));
}

/// A model that goes on from another one is not without what that one has learnt from.
void warn_of_leak(const TrainSettings& s, const Dataset& data) {
  if (s.from.empty()) return;
  const auto seen = load_classifier(s.from).file().seen;
  if (seen.empty())
    return say_warning("which pictures the model of --from has learnt from is not known: if these are among them, the "
                       "figures out of fold are too kind");
  if (const auto known = data.size() - pictures_beyond(seen, data).size(); known > 0)
    say_warning(fmt::format("the model of --from has learnt from {} of the {} pictures: the figures out of fold are "
                            "too kind, and a wrong label that it has learnt is not found",
                            known, data.size()));
}

std::string answers_csv(const Dataset& data, std::span<const std::size_t> pictures, const Answers& answers) {
  std::string csv = "name,label";
  for (const auto& name : data.classes) csv += "," + csv_field(name);
  csv += "\n";
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    csv +=
        csv_field(data.name(pictures[i])) + "," + csv_field(data.classes[static_cast<std::size_t>(answers.truth[i])]);
    for (const auto p : answers.row(i)) csv += fmt::format(",{}", p);
    csv += "\n";
  }
  return csv;
}

/// What the best model of a fold answers to the pictures it was trained without, calibrated.
Answers held_answers(const ManyJob& job, const OneOfMany& one, const Dataset& held) {
  Progress progress("naming the fold", job.common.quiet);
  const auto classifier = Classifier::load(folder_of(job, one) / "model.safetensors");
  return answers(classifier, held, {.threads = job.common.threads, .progress = [&](std::size_t done, std::size_t all) {
                                      progress(done, all);
                                    }});
}

/// Puts a fold's answers in the places of their pictures.
void place(Answers& all, std::span<const std::size_t> pictures, const Answers& some) {
  const auto classes = static_cast<std::ptrdiff_t>(all.probabilities.shape()[1]);
  const auto* from = some.probabilities.view<float>().data();
  for (const auto i : pictures) {
    std::copy(from, from + classes, all.probabilities.view<float>().data() + static_cast<std::ptrdiff_t>(i) * classes);
    from += classes;
  }
}

/// Trains without a fold, and takes its answers in; false if Ctrl-C stopped it.
bool run_fold(const ManyJob& job, const Dataset& data, const Holdout& fold, int number, CrossValidation& result) {
  auto quiet = job.common;
  quiet.quiet = true;
  auto material = cut_pictures(data.subset(fold.kept), job.settings, quiet);
  if (number == 1) tell_of(material, job.settings, job.common);
  say(job.common, fmt::format("\nfold {} of {}: {} to learn from, {} to choose the epoch, {} to be named\n", number,
                              job.many.folds, material.train.size(), material.validation.size(), fold.held.size()));
  const OneOfMany one{"fold", static_cast<std::uint64_t>(number), job.common.seed};
  const auto best = train_one(job, one, std::move(material));
  if (!best) return false;
  const auto some = held_answers(job, one, data.subset(fold.held));
  write_atomically(folder_of(job, one) / "answers.csv", answers_csv(data, fold.held, some));
  place(result.answers, fold.held, some);
  RunningFigures running(data.classes.size());
  running.add(some.truth, some.probabilities);
  const auto held = running.figures();
  result.table.rows.push_back({one.number,
                               {static_cast<double>(fold.held.size()), static_cast<double>(best->epoch),
                                best->val_accuracy, held.accuracy, held.macro_f1, held.log_loss}});
  say(job.common, fmt::format("the fold: accuracy {:.1f} %, macro F1 {:.3f}, log loss {:.3f}\n", 100 * held.accuracy,
                              held.macro_f1, held.log_loss));
  return true;
}

Evaluation measured(const ManyJob& job, const Dataset& data, std::vector<std::size_t> firsts, const Answers& all) {
  auto e = evaluate(all.truth, all.probabilities, data.classes,
                    {.seed = job.common.seed, .threads = job.common.threads, .groups = std::move(firsts)});
  e.reliability = reliability(all);
  if (job.settings.from.empty()) e.seen = 0; // else warn_of_leak() has said what is known
  return e;
}

void write_results(const ManyJob& job, const Dataset& data, const CrossValidation& result, const Evaluation& e,
                   const LabelErrors& found) {
  const auto& out = job.settings.out;
  std::vector<std::size_t> all(data.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  write_atomically(out / "answers.csv", answers_csv(data, all, result.answers));
  write_label_errors(out, found, result.answers, data);
  auto json = Json::parse(run_table_json(result.table));
  json["out_of_fold"] = Json::parse(to_json(e));
  json["label_errors"] = found.errors.size();
  write_atomically(out / "folds.json", json.dump(2) + "\n"); // the last: where it is, the others are
}

std::string results_text(const CrossValidation& result, const Evaluation& e, const LabelErrors& found,
                         const Dataset& data) {
  return run_table_text(result.table) +
         "\nOut of fold: every picture named by a model that has not learnt from it\n\n" + figures_text(e) + "\n" +
         confusion_text(e, has_colours(STDOUT_FILENO)) + "\n" + label_errors_text(found, data, e.accuracy);
}

} // namespace

int train_folds(const ManyJob& job, const Dataset& data) {
  expect_memory(data, job.settings.data);
  const auto folds = k_folds(data, job.many.folds, job.common.seed);
  auto firsts = first_copies(data);
  warn_of_small_classes(data, firsts, job.many.folds);
  warn_of_leak(job.settings, data);
  const Shape shape{static_cast<std::int64_t>(data.size()), static_cast<std::int64_t>(data.classes.size())};
  CrossValidation result{.table = {.kind = "fold",
                                   .columns = {{"pictures", "pictures", 1, 0},
                                               {"epoch", "epoch", 1, 0},
                                               {"validation_accuracy", "val acc %", 100, 1},
                                               {"accuracy", "accuracy %", 100, 1},
                                               {"macro_f1", "macro F1", 1, 3},
                                               {"log_loss", "log loss", 1, 3}}},
                         .answers = {data.labels, Tensor(shape)}};
  for (int number = 1; number <= job.many.folds; ++number)
    if (!run_fold(job, data, folds[static_cast<std::size_t>(number - 1)], number, result)) return exit_interrupted;
  const auto e = measured(job, data, std::move(firsts), result.answers);
  const auto found = find_label_errors(result.answers);
  write_results(job, data, result, e, found);
  say(job.common, "\n");
  print(results_text(result, e, found, data));
  say(job.common, fmt::format("{} holds answers.csv, folds.json, label-errors.csv{}, and a run for every fold\n",
                              job.settings.out.string(), found.errors.empty() ? "" : " and label-errors.png"));
  return 0;
}

} // namespace mien::cli
