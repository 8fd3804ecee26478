// SPDX-License-Identifier: Apache-2.0
// `mien tune`: a search for better options, by many short trainings and few long ones.
#include "tools/cli.hpp"
#include "tools/commands.hpp"
#include "tools/folder_lock.hpp"
#include "tools/interrupt.hpp"
#include "tools/live_line.hpp"
#include "tools/run_json.hpp"
#include "tools/tune_settings.hpp"
#include "tools/tune_trial.hpp"

#include "mien/core/error.hpp"
#include "mien/data/split.hpp"
#include "mien/io/atomic_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mien::cli {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

std::string resume_command(const fs::path& folder) { return "mien tune --resume " + quoted(folder); }

/// Throws what `mien train` would throw at the values of the first trials: better now than in an hour.
void expect_sound(const TuneJob& job) {
  for (int number = 0; number < 100; ++number) {
    TrialSettings trial(job.recipe, job.common);
    settle_trial(trial, job, number, job.options.max_epochs);
    check(trial.settings.recipe);
  }
}

void remove_earlier_search(const fs::path& out) {
  std::vector<fs::path> old{out / "table.csv", out / "plot.svg", out / "best.json", out / "tune.json"};
  for (const auto& entry : fs::directory_iterator(out)) {
    const auto name = entry.path().filename().string();
    const auto digits = std::string_view(name).substr(std::min<std::size_t>(name.size(), 6));
    if (name.starts_with("trial-") && !digits.empty() && digits.find_first_not_of("0123456789") == digits.npos)
      old.push_back(entry);
  }
  for (const auto& path : old) fs::remove_all(path);
}

/// The search as it runs: its rows, and what a person sees of it.
class Search {
public:
  Search(const TuneJob& job, const TrainMaterial& material)
      : job_(job), material_(material), live_(!job.common.quiet && is_terminal(STDERR_FILENO)) {
    if (const auto table = job.out / "table.csv"; fs::exists(table)) {
      const auto bytes = read_file(table);
      rows_ = read_search_csv({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, job.space);
    }
  }

  /// Runs what is left; false if Ctrl-C stopped it.
  bool run() {
    while (const auto next = next_trial(rows_, job_.options)) {
      if (interrupted()) return false;
      remove_weights_of_losers(job_, rows_, *next);
      const auto row = step(*next);
      if (live_) say(job_.common, "\r\x1b[K");
      if (!row) return false;
      rows_.push_back(*row);
      save();
      say(job_.common, line(*row));
    }
    return true;
  }
  [[nodiscard]] const std::vector<TrialRow>& rows() const noexcept { return rows_; }

private:
  std::optional<TrialRow> step(const NextTrial& next) {
    const auto diverged = [&](const TrialRow& row) { return row.trial == next.trial && !std::isfinite(row.loss); };
    if (const auto found = std::find_if(rows_.begin(), rows_.end(), diverged); found != rows_.end())
      return TrialRow{.trial = next.trial, .epochs = next.epochs, .loss = found->loss}; // it would do so again
    const auto start = std::chrono::steady_clock::now();
    auto drawn = start - 1s;
    return run_trial(job_, material_, next, [&](const StepReport& at) {
      const auto now = std::chrono::steady_clock::now();
      if (!live_ || now - drawn < 100ms) return;
      drawn = now;
      const auto text =
          fmt::format("trial {}, epoch {}/{}, step {}/{}, loss {:.3f}{}", next.trial, at.epoch, next.epochs, at.step,
                      at.steps, at.loss, left(std::chrono::duration<double>(now - start).count()));
      say(job_.common, "\r" + clipped(text, 79) + "\x1b[K"); // a full line would wrap, and stay
    });
  }

  /// Every file whole or not at all; the table, from which a search is resumed, first.
  void save() const {
    write_atomically(job_.out / "table.csv", search_csv(rows_, job_.space));
    write_atomically(job_.out / "plot.svg", search_svg(rows_, job_.space));
    const auto best = read_file(trial_folder(job_.out, best_trial(rows_)->trial) / "run.json");
    write_atomically(job_.out / "best.json", {reinterpret_cast<const char*>(best.data()), best.size()});
  }

  [[nodiscard]] std::string left(double since) const {
    if (job_.options.trials > 0) return {};
    double seconds = job_.options.seconds - since;
    for (const auto& row : rows_) seconds -= row.seconds;
    return fmt::format(", at most {} left", duration_text(std::max(seconds, 0.0)));
  }

  [[nodiscard]] std::string line(const TrialRow& row) const {
    const auto figures = std::isfinite(row.loss)
                             ? fmt::format("accuracy {:.1f} %, loss {:.3f}", 100 * row.accuracy, row.loss)
                             : std::string("diverged");
    return fmt::format("trial {}, {}, {}: {}{}  {}\n", row.trial, plural(static_cast<std::size_t>(row.epochs), "epoch"),
                       duration_text(row.seconds), figures,
                       best_trial(rows_)->trial == row.trial ? ", the best so far" : left(0),
                       drawn_text(job_.space, row.trial));
  }

  const TuneJob& job_;
  const TrainMaterial& material_;
  std::vector<TrialRow> rows_;
  bool live_;
};

/// The winner in words, what to do with it, and what its figure is worth.
std::string summary(const TuneJob& job, const TrainMaterial& material, const std::vector<TrialRow>& rows, int epochs) {
  const auto& best = *best_trial(rows);
  if (!std::isfinite(best.loss))
    return "every trial diverged: search lower learning rates, as in --search lr=1e-5..1e-3\n";
  int trials = 0;
  for (const auto& row : rows) trials = std::max(trials, row.trial + 1);
  const auto count = plural(static_cast<std::size_t>(trials), "trial");
  const auto found = fmt::format(
      "best of {}: trial {}, accuracy {:.1f} %, loss {:.3f} after {} on the {} validation pictures\n  {}\n"
      "{} holds table.csv, plot.svg and best.json; this trains it longer:\n"
      "  mien train --config {} --epochs {} --out runs/best\n",
      count, best.trial, 100 * best.accuracy, best.loss, plural(static_cast<std::size_t>(best.epochs), "epoch"),
      material.validation.size(), drawn_text(job.space, best.trial), job.out.string(), quoted(job.out / "best.json"),
      std::max(epochs, 2 * best.epochs));
  if (trials == 1)
    return found + concat("one trial is no search: more --minutes give more, and so does\n  ", resume_command(job.out),
                          " --minutes ", 2 * job.options.seconds / 60, "\n");
  return found + fmt::format("it was chosen among {} on these same pictures, so its figure flatters it; what it is "
                             "worth, only\nthe test pictures tell, looked at once:\n  mien eval runs/best {}\n",
                             count, quoted(job.data));
}

const Command::Texts texts = {
    .name = "tune",
    .about =
        "Searches for better options of `mien train`: draws them at random, trains each draw for a short time, lets "
        "the "
        "better ones go on for longer, again and again (successive halving), and judges by the validation pictures, "
        "which are the same for all. The test pictures are never looked at.\n\n"
        "What is given as for `mien train` holds for all trials and is not searched. Rates are drawn by factors, other "
        "numbers evenly, words and whole numbers each as likely as the other.\n\n"
        "The folder --out receives table.csv, plot.svg, best.json and a folder trial-N a trial, whose run.json repeats "
        "it: `mien train --config`. Ctrl-C saves and stops with exit code 130; --resume goes on with the same choices, "
        "and with --minutes for longer. The table is printed at the end.",
    .examples = "mien tune data --minutes 60\n"
                "mien tune data --recipe modern --net vgg8 --search lr=0.01..0.5\n"
                "mien tune data --search 'lr=1e-4..1e-2 optimizer=adam|sgd'\n"
                "mien tune --resume runs/tune-1 --minutes 120"};

} // namespace

int run_tune(int argc, char** argv) {
  TuneJob job;
  TuneSettings tune;
  TrainSettings training("seed"); // its values are texts for the trials; the recipe's own come with these
  Command command(texts, job.common);
  tune.bind(command);
  training.bind_for_search(command);
  if (!command.parse(argc, argv)) return 0;
  tune.settle(command, training.data);

  job.data = training.data.empty() ? fs::path("data") : training.data;
  job.out = tune.out.empty() ? fs::path("runs") / fmt::format("tune-{}", job.common.seed) : tune.out;
  job.recipe = training.recipe_name;
  job.fixed = fixed_options(command);
  job.space = {.parameters = search_parameters(tune.texts, job.recipe, job.fixed), .seed = job.common.seed};
  job.options = tune.search;
  job.options.seconds = 60 * tune.minutes;
  TrialSettings base(job.recipe, job.common);
  const int epochs = base.settings.recipe.epochs;
  settle_trial(base, {.data = job.data, .fixed = job.fixed}, 0, epochs);
  job.options.continues = trials_continue(job.space.parameters, base.settings);
  expect_sound(job);
  if (tune.resume.empty() && !tune.force) expect_free(job.out, resume_command(job.out));

  const auto material = prepare_training(base.settings, job.common);
  const RunFacts facts{.command = "tune",
                       .training_pictures = material.train.size(),
                       .validation_pictures = material.validation.size(),
                       .fingerprint = data_fingerprint(material.train) + "+" + data_fingerprint(material.validation),
                       .threads = job.common.threads};
  const FolderLock lock(job.out);
  if (!tune.resume.empty() && recorded_fingerprint(job.out / "tune.json") != facts.fingerprint)
    throw Error(concat(job.out.string(), ": the search began on other pictures than ", job.data.string(),
                       " holds; give it those, or begin a new one"));
  if (tune.resume.empty()) remove_earlier_search(job.out);
  write_options_json(job.out / "tune.json", recorded_search(command, job), facts);

  say(job.common, fmt::format("searching {}; files go to {}\n", search_texts(job.space.parameters), job.out.string()));
  catch_interrupts();
  Search search(job, material);
  if (!search.run()) {
    say(job.common, concat("stopped, and saved; this goes on:\n  ", resume_command(job.out), "\n"));
    return exit_interrupted;
  }
  const auto& rows = search.rows();
  print(tune.json  ? search_json(rows, job.space) + "\n"
        : tune.csv ? search_csv(rows, job.space)
                   : search_text(rows, job.space));
  say(job.common, summary(job, material, rows, epochs));
  return 0;
}

} // namespace mien::cli
