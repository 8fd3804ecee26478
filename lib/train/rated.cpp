// SPDX-License-Identifier: Apache-2.0
#include "mien/train/rated.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace mien {
namespace {

/// The figures on the pictures that have a label here, with it as the truth.
std::optional<Evaluation> against(std::span<const std::int32_t> truth, const Answers& answers,
                                  const Classifier& classifier, const Dataset& data, const EvaluateOptions& options) {
  const auto places = labelled(truth);
  if (places.empty()) return {};
  const auto rated = relabelled(data, truth);
  auto some = some_of(answers, places);
  some.truth = labels_of(classifier, rated);
  return evaluate(some, classifier, rated, options);
}

std::string line(std::string_view truth, const Evaluation& e) {
  return fmt::format("{:<30} {:>6}   {:5.1f} % ({:.1f} to {:.1f})   {:.3f} ({:.3f} to {:.3f})\n", truth, e.n,
                     100 * e.accuracy, 100 * e.ci95.accuracy.low, 100 * e.ci95.accuracy.high, e.macro_f1,
                     e.ci95.macro_f1.low, e.ci95.macro_f1.high);
}

std::string lines(std::string_view truth, const std::optional<Evaluation>& e) {
  if (!e) return fmt::format("{:<30} {:>6}\n", truth, 0);
  return line(truth, *e) + (e->unseen ? line("  never seen", *e->unseen) : "");
}

} // namespace

RatedEvaluation evaluate_rated(const Answers& answers, const Classifier& classifier, const Dataset& data,
                               const Ratings& ratings, const EvaluateOptions& options) {
  RatedEvaluation result{.plurality = against(ratings.plurality, answers, classifier, data, options),
                         .majority = against(ratings.majority, answers, classifier, data, options),
                         .pictures = data.size(),
                         .without_votes = ratings.without_votes,
                         .no_class = ratings.no_class,
                         .ties = ratings.ties};
  const auto places = labelled(ratings.plurality);
  const auto same = std::ranges::count_if(places, [&](auto i) { return ratings.plurality[i] == data.label(i); });
  if (!places.empty()) result.label_agreement = static_cast<double>(same) / static_cast<double>(places.size());
  return result;
}

std::string rated_text(const RatedEvaluation& r) {
  auto text = fmt::format("\n{:<30} {:>6}   {:<23}   {}\n", "truth: the raters' votes", "n", "accuracy", "macro F1");
  text += lines("one class has the most", r.plurality) + lines("one has more than half", r.majority);
  return text + fmt::format("of {} pictures {} have no votes; of {} most votes, or as many, name none of the classes; "
                            "of {} classes tie\nthe data's own labels agree with the raters on {:.1f} %\n",
                            r.pictures, r.without_votes, r.no_class, r.ties, 100 * r.label_agreement);
}

std::string to_json(const RatedEvaluation& r) {
  auto figures = [](const std::optional<Evaluation>& e) {
    return e ? nlohmann::ordered_json::parse(to_json(*e)) : nlohmann::ordered_json();
  };
  const nlohmann::ordered_json json = {{"plurality", figures(r.plurality)},
                                       {"majority", figures(r.majority)},
                                       {"label_agreement", r.label_agreement},
                                       {"pictures", r.pictures},
                                       {"without_votes", r.without_votes},
                                       {"no_class", r.no_class},
                                       {"ties", r.ties}};
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace mien
