// SPDX-License-Identifier: Apache-2.0
// What a model card says.
#include "lib/train/card_parts.hpp"

#include "mien/train/calibration.hpp"
#include "mien/train/model_card.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace mien {
namespace {

const std::string not_recorded = "not recorded";

std::string recorded(const ModelFile& file, const std::string& name) {
  const auto found = file.provenance.find(name);
  return found == file.provenance.end() || found->second.empty() ? not_recorded : found->second;
}

std::string percent(double fraction) { return fmt::format("{:.1f} %", 100 * fraction); }

std::string with_range(double fraction, const Interval& ci) {
  return fmt::format("{} ({:.1f} to {:.1f})", percent(fraction), 100 * ci.low, 100 * ci.high);
}

CardPart what_it_is(const ModelFile& file) {
  const auto& p = file.preprocessing;
  return {
      .id = "what",
      .heading = "What it is",
      .paragraphs = {"A convolutional network that names the apparent expression of a face: what a person who looks at "
                     "the picture might call it. It does not say what anybody feels."},
      .table = {{"", ""},
                {"answers", fmt::format("{}", fmt::join(file.labels, ", "))},
                {"takes", fmt::format("{} x {} pixels, {}{}", p.height, p.width, p.channels == 1 ? "grey" : "in colour",
                                      p.standardize ? ", brought to mean 0 and deviation 1" : "")},
                {"parameters", fmt::format("{}, kept as {}", file.model.parameter_count(), name_of(file.weights))},
                {"faces", fmt::format("boxes by {}, times {:g}{}", p.face.detector, p.face.scale,
                                      p.face.aligned ? ", the eyes turned level" : "")}}};
}

CardPart training(const ModelFile& file) {
  return {
      .id = "training",
      .heading = "What it has learnt from, and how",
      .paragraphs = {file.seen.empty()
                         ? "The file keeps no digests of the pictures it has learnt from: whether a test leaks cannot "
                           "be told."
                         : fmt::format("The file keeps digests of {} different pictures that it has learnt from or was "
                                       "chosen by: `mien eval` knows them again and says which of a test's pictures "
                                       "are new to it.",
                                       file.seen.size())},
      .table = {{"", ""},
                {"data", recorded(file, "data")},
                {"pictures learnt from", recorded(file, "training_pictures")},
                {"pictures it was chosen by", recorded(file, "validation_pictures")},
                {"recipe", recorded(file, "recipe")},
                {"epoch", recorded(file, "epoch")},
                {"version of mien", recorded(file, "version")},
                {"kernels", recorded(file, "kernels")}}};
}

std::vector<std::string> row(std::string pictures, const RecordedFigures& f) {
  return {std::move(pictures),
          fmt::format("{}", f.n),
          with_range(f.accuracy, f.accuracy_ci),
          fmt::format("{:.3f} ({:.3f} to {:.3f})", f.macro_f1, f.macro_f1_ci.low, f.macro_f1_ci.high),
          percent(f.uar),
          f.ece < 0 ? not_recorded : percent(f.ece)};
}

CardPart figures(const ModelFile& file, const std::vector<RecordedMeasurement>& measured) {
  CardPart part{.id = "figures", .heading = "How good it is"};
  part.table = {{"pictures", "n", "accuracy", "macro F1", "mean recall", "calibration error"}};
  const auto n = recorded_number(file, "validation_pictures"), accuracy = recorded_number(file, "validation_accuracy");
  if (n && accuracy) {
    const auto f1 = recorded_number(file, "validation_macro_f1");
    part.table.push_back({"validation, by which the epoch was chosen: a little too kind", fmt::format("{:.0f}", *n),
                          with_range(*accuracy, wilson_interval(*accuracy, static_cast<std::int64_t>(*n))),
                          f1 ? fmt::format("{:.3f}", *f1) : not_recorded, "", ""});
  }
  for (const auto& one : measured) {
    part.table.push_back(row(one.data + (one.told_apart ? ", all" : ", all; which it has seen is not known"), one.all));
    if (one.unseen) part.table.push_back(row(one.data + ", never seen by it", *one.unseen));
  }
  part.paragraphs.push_back(
      measured.empty()
          ? "No test is recorded in this file. `mien convert MODEL OUT --measured-on DATA` measures one and "
            "keeps its figures; until then nothing is known of pictures that it was not chosen by."
          : "Brackets are 95 % intervals: what chance alone could have made of it. Accuracy on pictures that "
            "it has learnt from is no measure of it; go by the lines that say never seen.");
  return part;
}

CardPart classes(const ModelFile& file, const std::vector<RecordedMeasurement>& measured) {
  CardPart part{.id = "classes", .heading = "Class by class"};
  if (measured.empty()) return part;
  part.paragraphs = {
      "Of the pictures that are labelled so, how many it names so (recall). A class with few pictures has a "
      "wide interval."};
  part.table = {{"data", "class", "pictures", "recall"}};
  for (const auto& one : measured) {
    const auto& f = one.unseen ? *one.unseen : one.all;
    for (std::size_t c = 0; c < file.labels.size(); ++c)
      part.table.push_back(
          {one.data + (one.unseen ? ", never seen" : ""), file.labels[c], fmt::format("{}", f.support[c]),
           f.support[c] == 0 ? "no picture" : with_range(f.recall[c], wilson_interval(f.recall[c], f.support[c]))});
  }
  return part;
}

CardPart calibration(const ModelFile& file) {
  CardPart part{.id = "calibration", .heading = "How far to trust a probability"};
  if (!file.calibration) {
    part.paragraphs = {
        "It is not calibrated: its probabilities may be too sure, or not sure enough, and `--abstain` is "
        "refused."};
    return part;
  }
  const auto& c = *file.calibration;
  part.paragraphs = {
      fmt::format("Its logits are divided by a temperature of {:.3f}, fitted to {} pictures that it has not "
                  "learnt from. On pictures of that kind, of answers with a probability of 80 % about eight "
                  "in ten are right; on others they may be anything.",
                  c.temperature, c.pictures),
      "Who can do without an answer can have fewer wrong ones (`--abstain RISK`), by those pictures:"};
  part.table = {{"no more wrong than", "answers from", "pictures that get an answer"}};
  for (const double risk : {0.05, 0.1, 0.2, 0.3}) {
    const double from = threshold_for(c, risk);
    const auto step = static_cast<std::size_t>(100 * from + 0.5);
    part.table.push_back(
        {fmt::format("{:.0f} %", 100 * risk), from > 1 ? "never so sure" : fmt::format("{:.0f} %", 100 * from),
         from > 1 ? "0 %" : percent(static_cast<double>(c.answered[step]) / static_cast<double>(c.pictures))});
  }
  return part;
}

CardPart limits(const ModelFile& file, const std::vector<RecordedMeasurement>& measured) {
  CardPart part{.id = "limits", .heading = "What it cannot do"};
  if (!measured.empty()) {
    const auto& f = measured.front().unseen ? *measured.front().unseen : measured.front().all;
    std::size_t worst = 0;
    for (std::size_t c = 0; c < f.recall.size(); ++c)
      if (f.support[c] > 0 && (f.support[worst] == 0 || f.recall[c] < f.recall[worst])) worst = c;
    part.paragraphs.push_back(
        fmt::format("On {}, {} of its answers are wrong. The class that it misses most is {}: {} of {} are called "
                    "something else.",
                    measured.front().data, percent(1 - f.accuracy), file.labels[worst], percent(1 - f.recall[worst]),
                    f.support[worst]));
  }
  part.paragraphs.insert(
      part.paragraphs.end(),
      {"Its figures hold for pictures like those it was measured on, cut as those are. In a photograph the face must "
       "be "
       "found first, and one that is missed is a wrong answer too.",
       "How it does by skin colour, age, sex, with glasses, masks or head scarves is not in this file. Until you have "
       "measured it on the people concerned (`mien eval --groups`), assume that it errs more for those who are seldom "
       "in "
       "the data.",
       "People disagree about expressions, and labels err: of a test's errors some are the labels'.",
       "Whatever is put before it gets a name: drawings, animals and patterns, too."});
  return part;
}

} // namespace

std::vector<CardPart> card_parts(const ModelFile& file) {
  const auto measured = recorded_measurements(file);
  std::vector<CardPart> parts{what_it_is(file),        training(file),    figures(file, measured),
                              classes(file, measured), calibration(file), limits(file, measured)};
  const auto note = recorded(file, "note");
  const auto licence = recorded(file, "licence");
  parts.push_back(
      {.id = "licence",
       .heading = "Licence",
       .paragraphs = {licence == not_recorded
                          ? "No licence is recorded: ask whoever made the file. `mien convert --licence TEXT` "
                            "records one."
                          : licence}});
  if (note != not_recorded) parts.back().paragraphs.push_back("Note: " + note);
  parts.push_back(
      {.id = "use",
       .heading = "Lawful use, and fair use",
       .paragraphs = {
           "Not for judging anybody: not in hiring, at work, in education, policing, lending, insuring or "
           "diagnosing. At work and in education the law of the European Union forbids inferring emotions "
           "(Regulation 2024/1689, Article 5(1)(f)), but for medical or safety reasons; elsewhere it calls such "
           "systems high-risk, and those exposed must be told (Article 50(3)).",
           "Ask whoever is seen, say what it does and how often it errs, and take no for an answer. Pictures of "
           "faces are personal data; keep none that nobody asked you to keep.",
           "This is no legal advice."}});
  return parts;
}

} // namespace mien
