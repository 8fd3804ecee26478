// SPDX-License-Identifier: Apache-2.0
#include "tools/eval_html.hpp"

#include "mien/core/version.hpp"
#include "mien/data/copies.hpp"
#include "mien/data/split.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/kernels.hpp"
#include "mien/train/label_errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace mien::cli {
namespace {

constexpr std::size_t most_faces = 18; // of a kind

/// Labels that the model contradicts most strongly, of these pictures, from which it has not learnt: it would repeat a
/// wrong label that it has.
std::vector<Mistake> suspects(const Measured& m, const Answers& unseen, std::span<const std::size_t> places) {
  const auto labels = m.classifier.labels();
  if (labels.size() < 2) return {};
  auto found = find_label_errors(unseen).errors;
  found.resize(std::min(found.size(), most_faces));
  std::vector<Mistake> result;
  for (const auto& one : found)
    result.push_back(
        told_otherwise(m.answers, labels, m.read.data, places[one.picture], static_cast<std::size_t>(one.suggested)));
  return result;
}

/// What the pictures are, and what is wrong with them.
NamedValues facts(const Measured& m, const Common& common) {
  const auto& data = m.read.data;
  NamedValues facts = {{"pictures", fmt::format("{}", data.size())},
                       {"size", fmt::format("{} x {} x {}", data.height, data.width, data.channels)}};
  const auto counts = data.counts();
  for (std::size_t c = 0; c < counts.size(); ++c)
    facts.emplace_back(data.classes[c],
                       fmt::format("{} ({:.1f} %)", counts[c],
                                   100.0 * static_cast<double>(counts[c]) / static_cast<double>(data.size())));
  facts.emplace_back("could not be used", fmt::format("{}", m.read.report.skipped.size()));
  if (m.evaluation.seen) facts.emplace_back("the model has learnt from", fmt::format("{}", *m.evaluation.seen));
  if (data.packed || data.size() > most_compared) return facts;
  const auto exact = exact_copies({}, data);
  facts.emplace_back("exact copies of another", fmt::format("{}", exact.within_test));
  facts.emplace_back("groups of copies with different labels", fmt::format("{}", exact.contradictions));
  facts.emplace_back("near copies of another", fmt::format("{}", near_copies({}, data, common.threads).within_test));
  return facts;
}

NamedValues origin(const Measured& m, const Common& common) {
  NamedValues values = {{"model", m.model},
                        {"data", m.path.string()},
                        {"data's fingerprint", data_fingerprint(m.read.data)},
                        {"command", fmt::format("mien eval {} {} --html ...", m.model, m.path.string())},
                        {"seed of the intervals", fmt::format("{}", common.seed)},
                        {"version", std::string(version())},
                        {"kernels", std::string(kernels().name)}};
  for (const auto& [name, value] : m.classifier.file().provenance) values.emplace_back("model: " + name, value);
  return values;
}

} // namespace

void write_evaluation(const std::filesystem::path& file, const Measured& m, const Common& common) {
  EvaluationReport report{.title =
                              fmt::format("{} on {}", m.model == "-" ? "The model that mien ships" : m.model,
                                          m.path.filename().empty() ? m.path.string() : m.path.filename().string()),
                          .figures = m.evaluation,
                          .risk = risk_curve(m.answers),
                          .votes = m.votes,
                          .mistakes = mistakes(m.answers, m.classifier.labels(), m.read.data, most_faces),
                          .data = facts(m, common),
                          .provenance = origin(m, common)};
  if (m.evaluation.unseen) {
    const auto places = pictures_beyond(m.classifier.file().seen, m.read.data);
    const auto unseen = some_of(m.answers, places);
    report.unseen_risk = risk_curve(unseen);
    report.suspects = suspects(m, unseen, places);
  }
  write_atomically(file, evaluation_html(report));
  say(common, fmt::format("the report is {}: open it in a browser\n", file.string()));
}

} // namespace mien::cli
