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

namespace mien::cli {
namespace {

constexpr std::size_t most_faces = 18; // of a kind

/// Labels that the model contradicts most strongly, of pictures that it has not learnt from; nothing where that is not
/// known: a model repeats a wrong label that it has learnt.
std::vector<Mistake> suspects(const Measured& m) {
  const auto& seen = m.classifier.file().seen;
  if (seen.empty()) return {};
  const auto places = pictures_beyond(seen, m.read.data);
  const auto labels = m.classifier.labels();
  if (places.empty() || labels.size() < 2) return {};
  const auto unseen = some_of(m.answers, places);
  auto found = find_label_errors(unseen).errors;
  found.resize(std::min(found.size(), most_faces));
  std::vector<Mistake> result;
  for (const auto& [i, given, suggested, margin] : found) {
    const auto& data = m.read.data;
    const auto pixels = data.picture(places[i]);
    const auto row = unseen.probabilities.view<float>().span().subspan(i * labels.size(), labels.size());
    const auto truth = static_cast<std::size_t>(given), answer = static_cast<std::size_t>(suggested);
    result.push_back({.picture = {data.width, data.height, data.channels, {pixels.begin(), pixels.end()}},
                      .name = data.name(places[i]),
                      .truth = labels[truth],
                      .answer = labels[answer],
                      .probability = row[answer],
                      .truth_probability = row[truth]});
  }
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
                          .suspects = suspects(m),
                          .data = facts(m, common),
                          .provenance = origin(m, common)};
  if (m.evaluation.unseen)
    report.unseen_risk = risk_curve(some_of(m.answers, pictures_beyond(m.classifier.file().seen, m.read.data)));
  write_atomically(file, evaluation_html(report));
  say(common, fmt::format("the report is {}: open it in a browser\n", file.string()));
}

} // namespace mien::cli
