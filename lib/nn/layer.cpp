// SPDX-License-Identifier: Apache-2.0
#include "mien/nn/layer.hpp"

#include "lib/nn/layers/settings.hpp"
#include "mien/core/error.hpp"

#include <utility>

namespace mien {

std::vector<ParameterSpec> Layer::parameters(std::span<const Shape>) const { return {}; }

Scratch Layer::scratch(std::span<const Shape>, bool) const { return {}; }

std::size_t Layer::kept(std::span<const Shape>) const { return 0; }

std::size_t Layer::packed(std::span<const Shape>, bool) const { return 0; }

void Layer::pack(std::span<float>, std::span<const View<const float>>, std::span<const Shape>, int) const {}

LayerPtr Layer::followed_by(const Layer&, std::span<const Shape>) const { return nullptr; }

LayerPtr Layer::beginning_with(std::string_view) const { return nullptr; }

std::string_view Layer::algorithm(std::span<const Shape>) const { return {}; }

LayerPtr make_layer(std::string_view type, const Settings& settings) {
  using Maker = LayerPtr (*)(const Settings&);
  static constexpr std::pair<std::string_view, Maker> makers[]{
      {"Add", make_add},
      {"AveragePooling2D", make_average_pooling2d},
      {"BatchNormalization", make_batch_normalization},
      {"Conv2D", make_conv2d},
      {"Dense", make_dense},
      {"DepthwiseConv2D", make_depthwise_conv2d},
      {"Dropout", make_dropout},
      {"Flatten", make_flatten},
      {"GlobalAveragePooling2D", make_global_average_pooling2d},
      {"LeakyReLU", make_leaky_relu},
      {"MaxPooling2D", make_max_pooling2d},
      {"ReLU", make_relu},
      {"SiLU", make_silu},
  };
  std::string known;
  for (const auto& [name, make] : makers) {
    if (name == type) return make(settings);
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  throw Error(concat("there is no layer \"", type, "\" in this version; there are ", known));
}

} // namespace mien
