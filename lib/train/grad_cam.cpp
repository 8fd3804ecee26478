// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/nn/feature_split.hpp"
#include "mien/nn/fold.hpp"
#include "mien/train/explain.hpp"

#include <algorithm>
#include <vector>

namespace mien {
namespace {

/// The last feature map of a face.
Tensor features_of(const Model& features, const Preprocessing& preprocessing, std::span<const std::uint8_t> face) {
  Workspace workspace(Plan(features, {}));
  if (face.size() != workspace.input(1).size())
    throw Error(concat("explain: ", face.size(), " bytes, expected one face of ", features.input_shape(),
                       "; prepare pictures with to_input_bytes()"));
  to_input_floats(workspace.input(1).span(), face, preprocessing);
  const auto map = workspace.forward(features, 1);
  Tensor result(map.shape());
  std::ranges::copy(map, result.view<float>().begin());
  return result;
}

/// The derivative of one output by the head's input.
Tensor gradient_of(const Model& head, const Tensor& map, std::size_t label) {
  const std::vector<bool> frozen(head.nodes().size(), true);
  Workspace workspace(Plan(head, {.training = true, .frozen = frozen, .input_gradient = true}));
  std::ranges::copy(map.view<float>(), workspace.input(1).begin());
  (void)workspace.forward(head, 1);
  const auto dy = workspace.output_gradient(1);
  std::ranges::fill(dy, 0.0f);
  dy[label] = 1;
  workspace.backward(head, 1);
  Tensor result(map.shape());
  std::ranges::copy(workspace.input_gradient(1), result.view<float>().begin());
  return result;
}

} // namespace

Heatmap grad_cam(const Model& model, const Preprocessing& preprocessing, std::span<const std::uint8_t> face,
                 std::size_t label) {
  if (label >= static_cast<std::size_t>(model.output_shape().size()))
    throw Error(concat("explain: there is no label ", label, ", the network has ", model.output_shape().size()));
  const auto [features, head] = split_at_features(fold_batch_normalization(model));
  const auto map = features_of(features, preprocessing, face);
  const auto gradient = gradient_of(head, map, label);
  const auto height = map.shape()[1], width = map.shape()[2];
  const auto places = static_cast<std::size_t>(height * width), channels = static_cast<std::size_t>(map.shape()[3]);
  const auto a = map.view<float>(), da = gradient.view<float>();

  std::vector<double> alpha(channels);
  for (std::size_t i = 0; i < da.size(); ++i) alpha[i % channels] += double{da[i]} / static_cast<double>(places);
  Heatmap result{static_cast<int>(height), static_cast<int>(width), {}};
  for (std::size_t place = 0; place < places; ++place) {
    double sum = 0;
    for (std::size_t c = 0; c < channels; ++c) sum += alpha[c] * double{a[place * channels + c]};
    result.values.push_back(static_cast<float>(std::max(0.0, sum)));
  }
  return result;
}

} // namespace mien
