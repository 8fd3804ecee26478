// SPDX-License-Identifier: Apache-2.0
#include "mien/train/targets.hpp"

#include "mien/core/error.hpp"

#include <algorithm>
#include <numeric>

namespace mien {
namespace {

std::size_t class_of(std::int32_t label, std::size_t classes) {
  if (label < 0 || static_cast<std::size_t>(label) >= classes)
    throw Error(concat("targets: label ", label, " given, there are ", classes, " classes, counted from 0"));
  return static_cast<std::size_t>(label);
}

void expect_smoothing(double smoothing) {
  if (!(smoothing >= 0 && smoothing < 1)) // NaN is not
    throw Error(concat("targets: a smoothing of ", smoothing, ", it must be at least 0 and less than 1"));
}

} // namespace

void smoothed_targets(View<float> t, std::span<const std::int32_t> labels, double smoothing) {
  if (t.shape().rank() != 2 || t.shape()[0] != static_cast<std::int64_t>(labels.size()))
    throw Error(concat("targets: ", labels.size(), " labels given for targets ", t.shape(), ", (N,K) is needed"));
  expect_smoothing(smoothing);
  const auto k = static_cast<std::size_t>(t.shape()[1]);
  const double share = smoothing / static_cast<double>(k);
  std::ranges::fill(t, static_cast<float>(share));
  for (std::size_t n = 0; n < labels.size(); ++n)
    t[n * k + class_of(labels[n], k)] = static_cast<float>(1 - smoothing + share);
}

void smoothed_shares(View<float> t, std::span<const float> soft, double smoothing) {
  if (t.shape().rank() != 2 || t.size() != soft.size())
    throw Error(concat("targets: ", soft.size(), " shares given for targets ", t.shape()));
  expect_smoothing(smoothing);
  const double share = smoothing / static_cast<double>(t.shape()[1]);
  std::ranges::transform(soft, t.data(),
                         [&](float s) { return static_cast<float>((1 - smoothing) * double{s} + share); });
}

std::vector<float> balanced_class_weights(std::span<const std::size_t> counts) {
  const auto n = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::size_t{0}));
  const auto present = static_cast<double>(std::ranges::count_if(counts, [](auto count) { return count > 0; }));
  std::vector<float> weights;
  for (const auto count : counts)
    weights.push_back(count > 0 ? static_cast<float>(n / (present * static_cast<double>(count))) : 0.0f);
  return weights;
}

double weights_of_labels(std::span<float> weights, std::span<const std::int32_t> labels,
                         std::span<const float> class_weights) {
  if (weights.size() != labels.size())
    throw Error(concat("targets: room for ", weights.size(), " weights given for ", labels.size(), " labels"));
  double sum = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    weights[i] = class_weights[class_of(labels[i], class_weights.size())];
    sum += static_cast<double>(weights[i]);
  }
  return sum > 0 ? sum : 1;
}

} // namespace mien
