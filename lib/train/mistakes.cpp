// SPDX-License-Identifier: Apache-2.0
#include "mien/train/answers.hpp"
#include "mien/train/report_page.hpp"

#include <algorithm>

namespace mien {

std::vector<Mistake> mistakes(const Classifier& classifier, const Dataset& data, std::size_t k,
                              const EvaluateOptions& options) {
  return mistakes(answers(classifier, data, options), classifier.labels(), data, k);
}

Mistake told_otherwise(const Answers& answers, std::span<const std::string> labels, const Dataset& data, std::size_t i,
                       std::size_t answer) {
  const auto picture = data.picture(i);
  const auto truth = static_cast<std::size_t>(answers.truth[i]);
  return {.picture = {data.width, data.height, data.channels, {picture.begin(), picture.end()}},
          .name = data.name(i),
          .truth = labels[truth],
          .answer = labels[answer],
          .probability = answers.row(i)[answer],
          .truth_probability = answers.row(i)[truth]};
}

std::vector<Mistake> mistakes(const Answers& all, std::span<const std::string> labels, const Dataset& data,
                              std::size_t k) {
  struct Wrong {
    std::size_t picture, answer;
    float probability;
  };
  std::vector<Wrong> wrong;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const auto row = all.row(i);
    const auto highest = std::ranges::max_element(row);
    const auto answer = static_cast<std::size_t>(highest - row.begin());
    if (answer != static_cast<std::size_t>(all.truth[i])) wrong.push_back({i, answer, *highest});
  }
  std::ranges::stable_sort(wrong, std::ranges::greater(), &Wrong::probability);
  wrong.resize(std::min(wrong.size(), k));

  std::vector<Mistake> result;
  for (const auto& one : wrong) result.push_back(told_otherwise(all, labels, data, one.picture, one.answer));
  return result;
}

} // namespace mien
