// SPDX-License-Identifier: Apache-2.0
#include "tools/eval_compare.hpp"

#include "tools/inputs.hpp"

#include "mien/data/split.hpp"
#include "mien/train/compare.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <optional>
#include <vector>

namespace mien::cli {
namespace {

/// A model, the pictures as it takes them, and what it says about them.
struct Contender {
  Classifier classifier;
  Dataset data;
  Answers answers;
};

Contender contender(const std::string& model, const std::filesystem::path& data, ReadOptions reading,
                    EvaluateOptions options, const Common& common) {
  auto classifier = load_classifier(model);
  reading.preprocessing = classifier.preprocessing();
  auto read = read_data(data, DataPart::test, reading, common);
  Progress progress("measuring " + model, common.quiet);
  options.progress = [&](std::size_t done, std::size_t all) { progress(done, all); };
  auto said = answers(classifier, read.data, options);
  return {std::move(classifier), std::move(read.data), std::move(said)};
}

/// The pictures that neither has seen; none if one of the files does not tell.
std::optional<std::vector<std::size_t>> unseen_by_both(const Contender& a, const Contender& b) {
  if (a.classifier.file().seen.empty() || b.classifier.file().seen.empty()) return {};
  const auto by_a = pictures_beyond(a.classifier.file().seen, a.data);
  const auto by_b = pictures_beyond(b.classifier.file().seen, b.data);
  std::vector<std::size_t> both;
  std::ranges::set_intersection(by_a, by_b, std::back_inserter(both));
  return both;
}

} // namespace

int run_comparison(const std::string& a, const std::string& b, const std::filesystem::path& data,
                   const ReadOptions& reading, const EvaluateOptions& options, bool json, const Common& common) {
  const auto first = contender(a, data, reading, options, common);
  auto second = contender(b, data, reading, options, common);
  second.answers = reordered(second.answers, second.classifier.labels(), first.classifier.labels());
  IntervalOptions intervals{.seed = options.seed, .threads = options.threads};
  if (!first.data.packed) intervals.groups = first_copies(first.data);
  const auto all = compare(first.answers, second.answers, intervals);

  std::optional<Comparison> unseen;
  const auto places = unseen_by_both(first, second);
  if (places && !places->empty()) {
    unseen = compare(some_of(first.answers, *places), some_of(second.answers, *places), some_of(intervals, *places));
  }
  if (json) {
    auto object = nlohmann::ordered_json{{"models", {a, b}}};
    object.update(nlohmann::ordered_json::parse(to_json(all)));
    object["unseen"] = unseen ? nlohmann::ordered_json::parse(to_json(*unseen)) : nullptr;
    print(object.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
    return 0;
  }
  print(comparison_text(all, a, b));
  if (unseen && unseen->n < all.n)
    print("\nOn the pictures that neither has learnt from:\n\n" + comparison_text(*unseen, a, b));
  if (!places) print("\nNot told apart: pictures that they have learnt from (a file without digests of them).\n");
  return 0;
}

} // namespace mien::cli
