// SPDX-License-Identifier: Apache-2.0
#include "tools/tune_settings.hpp"

#include "tools/run_json.hpp"

#include "mien/core/error.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace mien::cli {
namespace {

namespace fs = std::filesystem;

bool is_in(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// What a resumed search may be told anew: how long it takes, and what decides nothing.
bool may_change(std::string_view name) {
  return is_in(name, {"resume", "minutes", "trials", "threads", "quiet", "json", "csv"});
}

} // namespace

void TuneSettings::bind(Command& command) {
  command.group("Search");
  command.option("minutes", minutes, "M", "The time it takes", Range{0.001, 1e7});
  command.option("search", texts, "NAME=VALUES",
                 "What to search: NAME=LOW..HIGH, NAME=ONE|OTHER; any number of times (default: the learning rate and "
                 "the weight decay (of adam: l2) by a factor of ten around the recipe's, label-smoothing=0..0.2, "
                 "rotation=0..25, shift=0..0.15, without what is given)");
  command.option("min-epochs", search.min_epochs, "N", "Trials are judged for the first time after so many",
                 Range{1, 1'000'000});
  command.option("max-epochs", search.max_epochs, "N", "No trial takes more", Range{1, 1'000'000});
  command.option("eta", search.eta, "N", "One trial in N goes on, to N times the epochs", Range{2, 1000});
  command.option("brackets", search.brackets, "N",
                 "So many searches share the time, each judging later than the one "
                 "before",
                 Range{1, 20});
  command.option("trials", search.trials, "N",
                 "Begin each bracket with N trials, however long they take; 0: as many "
                 "as the time pays for",
                 Range{0, 1'000'000});
  command.group("Files");
  command.option("out", out, "DIR", "Where the files go (default: runs/tune-<seed>)");
  command.option("resume", resume, "DIR", "Go on with the search in this folder");
  command.flag("force", force, "Begin again in a folder that holds something");
  command.group("Output");
  command.flag("json", json, "Print all rows as a JSON array");
  command.flag("csv", csv, "Print all rows as CSV");
}

void TuneSettings::settle(Command& command, fs::path& data) {
  if (json && csv) throw UsageError("--json and --csv exclude each other");
  const bool time = command.given("minutes"), number = command.given("trials") && search.trials > 0;
  if (time && number) throw UsageError("--minutes and --trials exclude each other: the time decides, or the number");
  if (!resume.empty()) take_up(command, data);
  if (!resume.empty() && time) search.trials = 0;
  if (search.min_epochs > search.max_epochs)
    throw UsageError(
        "--min-epochs is above --max-epochs: the first is when trials are judged first, the second when they end");
}

void TuneSettings::take_up(Command& command, fs::path& data) {
  for (const auto& [name, text] : command.settings())
    if (command.given(name) && !may_change(name))
      throw UsageError(concat("--resume goes on with the options it began with: leave --", name, " away"));
  apply_run_json(resume / "tune.json", command, data);
  out = resume;
}

OptionTexts fixed_options(const Command& command) {
  OptionTexts fixed;
  for (auto [name, text] : command.settings()) {
    if (!command.given(name) || may_change(name) ||
        is_in(name, {"search", "min-epochs", "max-epochs", "eta", "brackets", "out", "force", "recipe", "seed"}))
      continue;
    const bool is_file = (name == "net" && is_network_file(text)) || (name == "from" && text != "-");
    fixed.emplace_back(name, is_file ? fs::absolute(text).lexically_normal().string() : text);
  }
  return fixed;
}

OptionTexts recorded_search(const Command& command, const TuneJob& job) {
  OptionTexts all{{"data", fs::absolute(job.data).lexically_normal().string()}, {"recipe", job.recipe}};
  all.insert(all.end(), job.fixed.begin(), job.fixed.end());
  all.emplace_back("search", search_texts(job.space.parameters));
  for (const auto& [name, text] : command.settings())
    if (is_in(name, {"minutes", "min-epochs", "max-epochs", "eta", "brackets", "trials", "seed"}))
      all.emplace_back(name, text);
  return all;
}

} // namespace mien::cli
