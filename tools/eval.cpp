// SPDX-License-Identifier: Apache-2.0
// `mien eval`: a model's figures on labelled faces, or two models compared.
#include "tools/cli.hpp"
#include "tools/commands.hpp"
#include "tools/eval_compare.hpp"
#include "tools/eval_html.hpp"
#include "tools/inputs.hpp"

#include "mien/core/error.hpp"
#include "mien/data/votes.hpp"
#include "mien/emotion/labels.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/train/answers.hpp"
#include "mien/train/groups.hpp"
#include "mien/train/model_card.hpp"
#include "mien/train/rated.hpp"
#include "mien/train/report.hpp"
#include "mien/train/stress.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <limits>
#include <optional>
#include <string>
#include <unistd.h>

namespace mien::cli {
namespace {

/// One figure a line: of one class, or of all where `class` is empty. Fractions, as in the JSON.
std::string csv_rows(const Evaluation& e, std::string_view pictures) {
  std::string csv = fmt::format("{},,n,{},,\n", pictures, e.n);
  auto add = [&](std::string_view name, double value, const Interval& ci) {
    csv += fmt::format("{},,{},{},{},{}\n", pictures, name, value, ci.low, ci.high);
  };
  add("accuracy", e.accuracy, e.ci95.accuracy);
  add("macro_f1", e.macro_f1, e.ci95.macro_f1);
  add("weighted_f1", e.weighted_f1, e.ci95.weighted_f1);
  add("uar", e.uar, e.ci95.uar);
  add("log_loss", e.log_loss, e.ci95.log_loss);
  for (std::size_t c = 0; c < e.labels.size(); ++c) {
    const auto& [precision, recall, f1, support] = e.per_class[c];
    const auto name = csv_field(e.labels[c]);
    csv += fmt::format("{0},{1},precision,{2},,\n{0},{1},recall,{3},,\n{0},{1},f1,{4},,\n{0},{1},support,{5},,\n",
                       pictures, name, precision, recall, f1, support);
  }
  return csv;
}

/// What is measured beside the figures, where it was asked for.
struct Extras {
  std::optional<RatedEvaluation> votes{};
  std::optional<GroupEvaluation> groups{};
  std::optional<StressEvaluation> stress{};
};

std::string to_csv(const Evaluation& e, const Extras& extras) {
  auto csv = std::string("pictures,class,figure,value,low,high\n");
  const auto add = [&](const Evaluation& figures, const std::string& all, const std::string& unseen) {
    csv += csv_rows(figures, all);
    if (figures.unseen) csv += csv_rows(*figures.unseen, unseen);
  };
  add(e, "all", "unseen");
  const auto& votes = extras.votes;
  if (votes && votes->plurality) add(*votes->plurality, "votes: plurality", "votes: plurality, unseen");
  if (votes && votes->majority) add(*votes->majority, "votes: majority", "votes: majority, unseen");
  return csv;
}

std::string to_json_text(const Evaluation& e, const Extras& extras) {
  auto json = nlohmann::ordered_json::parse(to_json(e));
  const auto add = [&](const char* name, const auto& extra) {
    if (extra) json[name] = nlohmann::ordered_json::parse(to_json(*extra));
  };
  add("votes", extras.votes);
  add("by_group", extras.groups);
  add("stress", extras.stress);
  return json.dump(2) + "\n";
}

/// What training wrote into the model's file about its validation pictures, to compare with; nothing if it did not.
std::string recorded_figures(const ModelFile& file) {
  const auto pictures = recorded_number(file, "validation_pictures");
  const auto accuracy = recorded_number(file, "validation_accuracy");
  if (!pictures || !accuracy) return {};
  const auto figure = [&](const char* name) {
    return recorded_number(file, name).value_or(std::numeric_limits<double>::quiet_NaN());
  };
  return fmt::format("\nrecorded in the model, on its {:.0f} validation pictures:\n"
                     "accuracy {:.1f} %, macro F1 {:.1f} %, log loss {:.3f}\n",
                     *pictures, 100 * *accuracy, 100 * figure("validation_macro_f1"), figure("validation_loss"));
}

std::string report(const Evaluation& e, const Extras& extras, const ReadReport& read, const ModelFile& file) {
  auto text = figures_text(e);
  if (!read.skipped.empty())
    text += fmt::format("{} more could not be used and are in no figure\n", read.skipped.size());
  text += "\n" + confusion_text(e, has_colours(STDOUT_FILENO)) + recorded_figures(file);
  if (extras.votes) text += rated_text(*extras.votes);
  if (extras.groups) text += groups_text(*extras.groups);
  if (extras.stress) text += stress_text(*extras.stress);
  return text;
}

} // namespace

int run_eval(int argc, char** argv) {
  Common common;
  std::vector<std::filesystem::path> paths;
  std::filesystem::path drawing, votes, page, groups;
  EvaluateOptions options;
  ReadOptions reading;
  bool json = false, csv = false, stress = false;
  double risk = 0;
  AlgorithmFlag algorithm;
  Command command({.name = "eval",
                   .about = "Measures a model on labelled faces: accuracy, precision, recall and F1 with their counts, "
                            "95 % intervals, and the confusion matrix; everything twice, on all pictures and on those "
                            "that the model has not learnt from. Of two models it says whether one is better, or only "
                            "luckier (McNemar's test, bootstrap of the difference). Choose models by the validation "
                            "that training keeps apart, not by the test.",
                   .examples = "mien eval runs/seed-1/model.safetensors data\n"
                               "mien eval model.safetensors fer2013.csv --usage PrivateTest\n"
                               "mien eval model.safetensors data --json > figures.json\n"
                               "mien eval model.safetensors data --confusion confusion.svg\n"
                               "mien eval model.safetensors data --html report.html\n"
                               "mien eval model.safetensors data --stress\n"
                               "mien eval model.safetensors data --groups groups.csv\n"
                               "mien eval - fer2013.csv --votes fer2013new.csv\n"
                               "mien eval runs/seed-1 runs/modern-1 data"},
                  common);
  command.arguments("MODEL... DATA", paths,
                    "One model or two: files, folders of runs, or -: the model that mien ships; then the data: a "
                    "folder with test/, a folder of class folders, a CSV, or a pack");
  command.group("Output");
  command.flag("json", json, "Print one JSON object; all figures are fractions");
  command.flag("csv", csv, "Print one figure a line");
  command.option("confusion", drawing, "FILE.svg", "Draw the confusion matrix, too");
  command.option("html", page, "FILE.html", "Write a report: figures, drawings, mistakes, the data's faults; one file");
  command.option("abstain", risk, "RISK",
                 "Also: what is left if answers are not given that would be wrong more often, 0.1 say",
                 Range{0.001, 0.999});
  command.group("Data");
  command.option("usage", reading.usage, "NAME", "The rows of a CSV to measure on, PrivateTest say");
  command.flag("strict", reading.strict, "Stop at the first picture that cannot be used");
  command.option("batch", options.batch, "N", "Faces in one pass; the figures do not depend on it",
                 Range<std::int64_t>{1, 4096});
  command.option("votes", votes, "FILE",
                 "Also: against what raters named, a table of votes, fer2013new.csv say; labels may be wrong");
  command.option("groups", groups, "FILE.csv",
                 "Also: figures group by group, from a table with the columns name and group");
  command.flag("stress", stress,
               "Also: on copies spoilt by light, blur, rotation, scale and occlusion; takes 18 times as long");
  algorithm.bind(command);
  if (!command.parse(argc, argv)) return 0;
  if (json && csv) throw UsageError("--json and --csv exclude each other");
  if (paths.size() < 2)
    throw UsageError("mien eval needs DATA as well: labelled faces to measure " + paths[0].string() + " on");
  if (paths.size() > 3) throw UsageError(fmt::format("one model or two are measured, {} are named", paths.size() - 1));
  const auto model = paths[0].string();
  const auto path = paths.back();
  options.threads = common.threads;
  options.seed = common.seed;
  if (paths.size() == 3) {
    if (csv || !drawing.empty() || !votes.empty() || !page.empty() || !groups.empty() || stress)
      throw UsageError(
          "--csv, --confusion, --votes, --groups, --stress and --html are about one model; two are told by --json");
    return run_comparison(model, paths[1].string(), path, reading, options, json, common);
  }

  const auto classifier = load_classifier(model).beginning_with(algorithm.value());
  reading.preprocessing = classifier.preprocessing();
  if (risk > 0) options.abstain = threshold_of(classifier, risk);
  const auto read = read_data(path, DataPart::test, reading, common);
  std::optional<Ratings> ratings; // before the work: a table that does not fit is told at once
  if (!votes.empty()) ratings = rate(read_votes(votes, fer_plus_names), read.data);
  std::optional<GroupTable> table;
  if (!groups.empty()) table = read_groups(groups);
  Answers said;
  {
    Progress progress("measuring", common.quiet);
    options.progress = [&](std::size_t done, std::size_t all) { progress(done, all); };
    said = answers(classifier, read.data, options);
  }
  const auto evaluation = evaluate(said, classifier, read.data, options);
  Extras extras;
  if (ratings) extras.votes = evaluate_rated(said, classifier, read.data, *ratings, options);
  if (table) extras.groups = evaluate_groups(said, classifier, read.data, *table, options);
  if (stress) {
    Progress progress("spoiling", common.quiet);
    options.progress = [&](std::size_t done, std::size_t all) { progress(done, all); };
    extras.stress = evaluate_stress(classifier, read.data, said, options);
  }
  print(json  ? to_json_text(evaluation, extras)
        : csv ? to_csv(evaluation, extras)
              : report(evaluation, extras, read.report, classifier.file()));
  if (!page.empty()) write_evaluation(page, {model, classifier, path, read, said, evaluation, extras.votes}, common);
  if (!drawing.empty()) {
    write_atomically(drawing, confusion_svg(evaluation));
    say(common, fmt::format("the confusion matrix is drawn in {}\n", drawing.string()));
  }
  return 0;
}

} // namespace mien::cli
