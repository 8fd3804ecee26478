// SPDX-License-Identifier: Apache-2.0
#include "mien/train/stress.hpp"

#include "mien/data/split.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace mien {

StressEvaluation evaluate_stress(const Classifier& classifier, const Dataset& all, const Answers& all_plain,
                                 const EvaluateOptions& options) {
  const auto& seen = classifier.file().seen;
  auto places = pictures_beyond(seen, all);
  StressEvaluation result{.unseen_alone = !seen.empty() && !places.empty()};
  if (places.empty()) // every picture is known: better those than none
    for (std::size_t i = 0; i < all.size(); ++i) places.push_back(i);
  const auto data = all.subset(places);
  const auto plain = some_of(all_plain, places);
  IntervalOptions intervals{.seed = options.seed, .threads = options.threads};
  if (!data.packed) intervals.groups = first_copies(data);
  auto quiet = options;
  const auto kinds = disturbances();
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    quiet.progress = [&](std::size_t done, std::size_t) {
      if (options.progress) options.progress(k * data.size() + done, kinds.size() * data.size());
    };
    const auto spoilt = answers(classifier, disturbed(data, kinds[k], options.threads), quiet);
    auto comparison = compare(plain, spoilt, intervals);
    const auto ci = wilson_interval(comparison.b.accuracy, comparison.n);
    result.levels.push_back({kinds[k].kind, kinds[k].level, std::move(comparison), ci});
  }
  result.plain = result.levels.front().against_plain.a;
  result.n = result.levels.front().against_plain.n;
  result.plain_ci = wilson_interval(result.plain.accuracy, result.n);
  return result;
}

std::string stress_text(const StressEvaluation& stress) {
  auto text = fmt::format("\nspoilt on purpose: {} pictures{}\n{:<10} {:<12} {:<24} {:<10} {}\n", stress.n,
                          stress.unseen_alone ? " that the model has never seen" : "", "", "", "accuracy", "macro F1",
                          "difference of accuracy, in points");
  const auto row = [&](std::string_view kind, std::string_view level, double accuracy, const Interval& ci, double f1) {
    text += fmt::format("{:<10} {:<12} {:5.1f} % ({:.1f} to {:.1f})   {:5.3f}", kind, level, 100 * accuracy,
                        100 * ci.low, 100 * ci.high, f1);
  };
  row("as is", "", stress.plain.accuracy, stress.plain_ci, stress.plain.macro_f1);
  text += "\n";
  std::string_view last;
  for (const auto& level : stress.levels) {
    const auto& [kind, name, comparison, ci] = level;
    row(kind == last ? "" : kind, name, comparison.b.accuracy, ci, comparison.b.macro_f1);
    last = kind;
    const auto& d = comparison.difference.accuracy;
    text += fmt::format("      {:+.1f} ({:+.1f} to {:+.1f})\n", 100 * d.value, 100 * d.ci95.low, 100 * d.ci95.high);
  }
  return text;
}

std::string to_json(const StressEvaluation& stress) {
  using Json = nlohmann::ordered_json;
  Json json = {{"n", stress.n},
               {"unseen_alone", stress.unseen_alone},
               {"accuracy", stress.plain.accuracy},
               {"macro_f1", stress.plain.macro_f1},
               {"levels", Json::array()}};
  for (const auto& [kind, name, comparison, ci] : stress.levels) {
    const auto& d = comparison.difference.accuracy;
    json["levels"].push_back({{"kind", kind},
                              {"level", name},
                              {"accuracy", comparison.b.accuracy},
                              {"ci95", {ci.low, ci.high}},
                              {"macro_f1", comparison.b.macro_f1},
                              {"difference", {d.value, d.ci95.low, d.ci95.high}},
                              {"mcnemar_p", comparison.p}});
  }
  return json.dump(2);
}

} // namespace mien
