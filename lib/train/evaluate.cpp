// SPDX-License-Identifier: Apache-2.0
#include "mien/train/evaluate.hpp"

#include "lib/data/reading.hpp"
#include "mien/core/error.hpp"
#include "mien/data/split.hpp"
#include "mien/train/answers.hpp"
#include "mien/train/calibration.hpp"

#include <algorithm>
#include <utility>

namespace mien {
namespace {

/// The figures of answers, and how sure these are.
Evaluation measured(const Answers& answers, const Classifier& classifier, const IntervalOptions& intervals,
                    const EvaluateOptions& options) {
  auto result = evaluate(answers.truth, answers.probabilities, classifier.labels(), intervals);
  result.reliability = reliability(answers);
  if (options.abstain) result.abstention = abstention(answers, *options.abstain);
  return result;
}

} // namespace

std::vector<std::int32_t> labels_of(const Classifier& classifier, const Dataset& data) {
  const auto labels = classifier.labels();
  std::vector<std::int32_t> matched; // of each class
  for (const auto& name : data.classes) {
    const auto found = std::find(labels.begin(), labels.end(), name);
    if (found == labels.end())
      throw Error(
          concat("evaluate: the data have a class `", name, "` that the model lacks; it knows ", joined(labels)));
    matched.push_back(static_cast<std::int32_t>(found - labels.begin()));
  }
  std::vector<std::int32_t> result;
  for (std::size_t i = 0; i < data.size(); ++i) result.push_back(matched[static_cast<std::size_t>(data.label(i))]);
  return result;
}

Answers answers(const Classifier& classifier, const Dataset& data, const EvaluateOptions& options) {
  const auto& input = classifier.preprocessing();
  if (data.height != input.height || data.width != input.width || data.channels != input.channels)
    throw Error(concat("evaluate: the model takes pictures of ", input.height, "x", input.width, "x", input.channels,
                       ", the data have ", data.height, "x", data.width, "x", data.channels,
                       "; read them with the model's preprocessing"));
  if (options.batch < 1) throw Error(concat("evaluate: a batch has at least one picture, got ", options.batch));
  auto truth = labels_of(classifier, data);

  const auto classes = classifier.labels().size();
  Tensor probabilities(Shape{static_cast<std::int64_t>(data.size()), static_cast<std::int64_t>(classes)});
  Classifier::Session session(classifier, options.batch, options.threads);
  std::vector<std::uint8_t> faces;
  for (std::size_t done = 0; done < data.size();) {
    const auto n = std::min(static_cast<std::size_t>(options.batch), data.size() - done);
    faces.clear();
    for (std::size_t i = done; i < done + n; ++i) {
      const auto face = data.picture(i);
      faces.insert(faces.end(), face.begin(), face.end());
    }
    std::ranges::copy(session.probabilities(faces), probabilities.view<float>().data() + done * classes);
    done += n;
    if (options.progress) options.progress(done, data.size());
  }
  return {std::move(truth), std::move(probabilities)};
}

Answers reordered(const Answers& answers, std::span<const std::string> from, std::span<const std::string> to) {
  std::vector<std::size_t> place; // of each of `from`'s labels in `to`
  for (const auto& label : from) {
    const auto found = std::ranges::find(to, label);
    if (found == to.end() || from.size() != to.size())
      throw Error(concat("evaluate: one model names ", joined(from), ", the other ", joined(to),
                         "; models are compared that name the same"));
    place.push_back(static_cast<std::size_t>(found - to.begin()));
  }
  Answers result{{}, Tensor(answers.probabilities.shape())};
  for (const auto t : answers.truth)
    result.truth.push_back(static_cast<std::int32_t>(place[static_cast<std::size_t>(t)]));
  const auto before = answers.probabilities.view<float>();
  for (std::size_t i = 0; i < before.size(); ++i)
    result.probabilities.view<float>()[i - i % to.size() + place[i % to.size()]] = before[i];
  return result;
}

Answers some_of(const Answers& answers, std::span<const std::size_t> pictures) {
  const auto classes = answers.probabilities.shape()[1];
  Answers some{{}, Tensor(Shape{static_cast<std::int64_t>(pictures.size()), classes})};
  auto* to = some.probabilities.view<float>().data();
  for (const auto i : pictures) {
    some.truth.push_back(answers.truth[i]);
    const auto* from = answers.probabilities.view<float>().data() + static_cast<std::ptrdiff_t>(i) * classes;
    to = std::copy(from, from + classes, to);
  }
  return some;
}

IntervalOptions some_of(const IntervalOptions& intervals, std::span<const std::size_t> pictures) {
  auto some = intervals;
  some.groups.clear();
  for (const auto i : pictures)
    if (!intervals.groups.empty()) some.groups.push_back(intervals.groups[i]);
  return some;
}

std::vector<std::size_t> pictures_beyond(const PictureSet& seen, const Dataset& data) {
  std::vector<std::size_t> unseen;
  for (std::size_t i = 0; i < data.size(); ++i)
    if (!seen.contains(data.picture(i))) unseen.push_back(i);
  return unseen;
}

Evaluation evaluate(const Classifier& classifier, const Dataset& data, const EvaluateOptions& options) {
  return evaluate(answers(classifier, data, options), classifier, data, options);
}

Evaluation evaluate(const Answers& all, const Classifier& classifier, const Dataset& data,
                    const EvaluateOptions& options) {
  IntervalOptions intervals{.seed = options.seed, .threads = options.threads};
  if (!data.packed) intervals.groups = first_copies(data); // of packed ones there may be more than memory
  auto result = measured(all, classifier, intervals, options);
  const auto& seen = classifier.file().seen;
  if (seen.empty()) return result;

  const auto unseen = pictures_beyond(seen, data);
  result.seen = static_cast<std::int64_t>(data.size() - unseen.size());
  if (unseen.empty()) return result;
  result.unseen = std::make_shared<const Evaluation>(
      measured(some_of(all, unseen), classifier, some_of(intervals, unseen), options));
  return result;
}

} // namespace mien
