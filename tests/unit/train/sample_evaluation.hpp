// SPDX-License-Identifier: Apache-2.0
// An evaluation with everything that its page can show; of drawn numbers and noise.
#pragma once

#include "mien/core/rng.hpp"
#include "mien/emotion/labels.hpp"
#include "mien/train/evaluation_report.hpp"
#include "tests/support/pictures.hpp"

#include <memory>
#include <numeric>
#include <string>
#include <vector>

namespace mien::test {

inline Answers sample_answers(std::size_t n, std::size_t classes) {
  Rng rng(1, Purpose::bootstrap, 0, 0);
  Answers answers{{}, Tensor(Shape{static_cast<std::int64_t>(n), static_cast<std::int64_t>(classes)})};
  for (std::size_t i = 0; i < n; ++i) {
    const auto top = rng.below(static_cast<std::uint32_t>(classes));
    const auto high = 0.3f + 0.69f * static_cast<float>(rng.below(100)) / 100;
    for (std::size_t c = 0; c < classes; ++c)
      answers.probabilities.view<float>()[i * classes + c] =
          c == top ? high : (1 - high) / static_cast<float>(classes - 1);
    answers.truth.push_back(static_cast<std::int32_t>(rng.below(3) > 0 ? top : rng.below(std::uint32_t(classes))));
  }
  return answers;
}

inline Evaluation figures_of(const Answers& answers, const std::vector<std::string>& labels) {
  auto figures = evaluate(answers.truth, answers.probabilities.view<float>(), labels, {.resamples = 20});
  figures.reliability = reliability(answers);
  return figures;
}

inline EvaluationReport sample_evaluation_report(const std::vector<std::string>& labels = expression_classes()) {
  const auto answers = sample_answers(60, labels.size());
  std::vector<std::size_t> unseen(40);
  std::iota(unseen.begin(), unseen.end(), 20);
  EvaluationReport report{.title = "<b> on data & more", .figures = figures_of(answers, labels)};
  report.figures.seen = 20;
  report.figures.unseen = std::make_shared<const Evaluation>(figures_of(some_of(answers, unseen), labels));
  report.risk = risk_curve(answers);
  report.unseen_risk = risk_curve(some_of(answers, unseen));
  report.votes = RatedEvaluation{.plurality = figures_of(answers, labels), .pictures = 60};
  const Mistake mistake{.picture = noise(48, 48, 1),
                        .name = "test/" + labels[0] + "/1.png",
                        .truth = labels[0],
                        .answer = labels[1],
                        .probability = 0.9,
                        .truth_probability = 0.05};
  report.mistakes = {mistake};
  report.suspects = {mistake};
  report.data = {{"pictures", "60"}};
  report.provenance = {{"model", "<b>"}};
  return report;
}

} // namespace mien::test
