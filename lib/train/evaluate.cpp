// SPDX-License-Identifier: Apache-2.0
#include "mien/train/evaluate.hpp"

#include "lib/train/answers.hpp"
#include "mien/core/error.hpp"

#include <algorithm>
#include <utility>

namespace mien {
namespace {

std::string joined(std::span<const std::string> names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// For each class of the data, the model's label of the same name.
std::vector<std::int32_t> matched_labels(const Classifier& classifier, const Dataset& data) {
  const auto labels = classifier.labels();
  std::vector<std::int32_t> matched;
  for (const auto& name : data.classes) {
    const auto found = std::find(labels.begin(), labels.end(), name);
    if (found == labels.end())
      throw Error(
          concat("evaluate: the data have a class `", name, "` that the model lacks; it knows ", joined(labels)));
    matched.push_back(static_cast<std::int32_t>(found - labels.begin()));
  }
  return matched;
}

} // namespace

Answers answers(const Classifier& classifier, const Dataset& data, const EvaluateOptions& options) {
  const auto& input = classifier.preprocessing();
  if (data.height != input.height || data.width != input.width || data.channels != input.channels)
    throw Error(concat("evaluate: the model takes pictures of ", input.height, "x", input.width, "x", input.channels,
                       ", the data have ", data.height, "x", data.width, "x", data.channels,
                       "; read them with the model's preprocessing"));
  if (options.batch < 1) throw Error(concat("evaluate: a batch has at least one picture, got ", options.batch));
  const auto matched = matched_labels(classifier, data);
  std::vector<std::int32_t> truth;
  for (std::size_t i = 0; i < data.size(); ++i) truth.push_back(matched[static_cast<std::size_t>(data.label(i))]);

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

Evaluation evaluate(const Classifier& classifier, const Dataset& data, const EvaluateOptions& options) {
  const auto all = answers(classifier, data, options);
  return evaluate(all.truth, all.probabilities, classifier.labels(),
                  {.seed = options.seed, .threads = options.threads});
}

} // namespace mien
