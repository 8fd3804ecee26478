// SPDX-License-Identifier: Apache-2.0
#include "tools/bench_check.hpp"

#include "mien/core/error.hpp"
#include "mien/core/math.hpp"
#include "mien/kernels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

namespace mien::cli {
namespace {

constexpr std::int64_t checked_faces = 4; // more would take too long on the reference

/// The reference set in use, until the end of the scope.
class OnReference {
public:
  OnReference() { use_kernels("reference"); }
  OnReference(const OnReference&) = delete;
  OnReference& operator=(const OnReference&) = delete;
  ~OnReference() { use_kernels(before_); } // it was in use, so there is nothing to throw

private:
  std::string before_{kernels().name};
};

double length(std::span<const float> values) {
  double squares = 0;
  for (const double value : values) squares += value * value;
  return std::sqrt(squares);
}

struct Step {
  std::vector<float> loss; ///< one number
  std::vector<std::vector<float>> gradients;
};

Step first_step(const BenchSubject& subject, std::int64_t batch, int threads, bool augmented) {
  TrainingWork work(subject, batch, threads, augmented);
  work.call();
  Step step{.loss = {static_cast<float>(work.loss())}, .gradients = {}};
  for (const auto& gradient : work.gradients()) step.gradients.emplace_back(gradient.begin(), gradient.end());
  return step;
}

/// The logits of the first faces, less the mean of each face's: that is what probabilities tell.
std::vector<float> logits(View<const float> probabilities, std::int64_t faces) {
  const auto outputs = static_cast<std::size_t>(probabilities.shape()[1]);
  std::vector<float> values;
  for (std::size_t face = 0; face < static_cast<std::size_t>(faces); ++face) {
    std::vector<double> row;
    for (const float p : probabilities.span().subspan(face * outputs, outputs))
      row.push_back(math::log(double{std::max(p, std::numeric_limits<float>::min())}));
    const double mean = std::accumulate(row.begin(), row.end(), 0.0) / static_cast<double>(outputs);
    for (const double value : row) values.push_back(static_cast<float>(value - mean));
  }
  return values;
}

std::int64_t faces_of(const BenchSubject& subject) {
  return static_cast<std::int64_t>(subject.faces.size()) / subject.model.input_shape().size();
}

} // namespace

double expect_close(std::string_view what, std::span<const float> got, std::span<const float> expected, double allowed,
                    double least) {
  std::vector<float> difference(got.begin(), got.end());
  for (std::size_t i = 0; i < difference.size(); ++i) difference[i] -= expected[i];
  const double distance = length(difference), scale = std::max(length(expected), least);
  const double share = distance == 0 ? 0 : distance / scale;
  if (share <= allowed) return share; // a NaN is not
  throw Error(
      fmt::format("WRONG: {} of kernels {} differs from the reference's by {:.2g} of its length, {:g} is allowed; "
                  "nothing more is measured",
                  what, kernels().name, share, allowed));
}

TrainingCheck check_training(const BenchSubject& subject, int threads, bool augmented) {
  const auto batch = std::min(checked_faces, faces_of(subject));
  const auto got = first_step(subject, batch, threads, augmented);
  const auto expected = [&] {
    const OnReference reference;
    return first_step(subject, batch, threads, augmented);
  }();
  TrainingCheck check{.loss = expect_close("the loss", got.loss, expected.loss, allowed_loss)};
  double squares = 0;
  for (const auto& gradient : expected.gradients) squares += length(gradient) * length(gradient);
  const double least = std::sqrt(squares) / 100; // what cancels out is short, and all rounding
  for (std::size_t i = 0; i < got.gradients.size(); ++i) {
    const auto what = concat("the gradient of ", subject.model.parameters()[i].name);
    const double share = expect_close(what, got.gradients[i], expected.gradients[i], allowed_gradients, least);
    check.gradients = std::max(check.gradients, share);
  }
  return check;
}

InferenceCheck::InferenceCheck(const BenchSubject& subject, int threads) {
  const OnReference reference;
  const auto faces = std::min(checked_faces, faces_of(subject));
  InferenceWork work(subject, faces, threads);
  work.call();
  expected_ = logits(work.probabilities(), faces);
}

double InferenceCheck::operator()(InferenceWork& work) const {
  work.call();
  const auto batch = work.probabilities().shape()[0], outputs = work.probabilities().shape()[1];
  const auto faces = std::min(batch, static_cast<std::int64_t>(expected_.size()) / outputs);
  const auto got = logits(work.probabilities(), faces);
  return expect_close("the logits", got, std::span(expected_).first(got.size()), allowed_logits);
}

} // namespace mien::cli
