// SPDX-License-Identifier: Apache-2.0
#include "mien/train/explain.hpp"

#include "mien/core/error.hpp"
#include "mien/nn/feature_split.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mien {
namespace {

/// The mean of the numbers that there are.
class Mean {
public:
  void add(double x) {
    if (std::isnan(x)) return;
    sum_ += x;
    ++n_;
  }
  [[nodiscard]] double value() const { return n_ > 0 ? sum_ / n_ : std::numeric_limits<double>::quiet_NaN(); }

private:
  double sum_ = 0;
  int n_ = 0;
};

/// The classifier as it was before it learnt anything.
Classifier with_random_weights(const Classifier& classifier, std::uint64_t seed) {
  return Classifier({.model = with_random_weights(classifier.file().model, seed),
                     .preprocessing = classifier.preprocessing(),
                     .labels = classifier.file().labels,
                     .provenance = {}});
}

void compare_with_random(Explanation& explanation, const Classifier& classifier, std::span<const std::uint8_t> face,
                         const ExplainOptions& options) {
  const auto& p = classifier.preprocessing();
  const auto fine = resized(explanation.grad_cam, p.width, p.height);
  Mean cam, occlusion;
  for (int i = 0; i < options.random_networks; ++i) {
    const auto random = with_random_weights(classifier, options.seed + static_cast<std::uint64_t>(i));
    const auto map = resized(grad_cam(random.file().model, p, face, explanation.label), p.width, p.height);
    cam.add(rank_correlation(fine.values, map.values));
    occlusion.add(
        rank_correlation(explanation.occlusion.values,
                         occlusion_map(random, face, explanation.label, options.patch, options.threads).values));
  }
  explanation.grad_cam_random = cam.value();
  explanation.occlusion_random = occlusion.value();
}

} // namespace

Explanation explain(const Classifier& classifier, std::span<const std::uint8_t> face, const ExplainOptions& options) {
  if (options.random_networks < 0)
    throw Error(concat("explain: ", options.random_networks, " random networks asked for, expected 0 or more"));
  Explanation result;
  Classifier::Session session(classifier, 1, options.threads);
  const auto probabilities = session.probabilities(face);
  result.probabilities.assign(probabilities.begin(), probabilities.end());
  if (result.probabilities.empty()) throw Error("explain: there is no face");
  const auto answer = std::ranges::max_element(result.probabilities) - result.probabilities.begin();
  result.label = options.label.value_or(static_cast<std::size_t>(answer));
  result.grad_cam = grad_cam(classifier.file().model, classifier.preprocessing(), face, result.label);
  result.occlusion = occlusion_map(classifier, face, result.label, options.patch, options.threads);
  compare_with_random(result, classifier, face, options);
  return result;
}

} // namespace mien
