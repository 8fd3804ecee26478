// SPDX-License-Identifier: Apache-2.0
// The table of a model's layers.
#include "mien/nn/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace mien {
namespace {

/// `(None, 46, 46, 32)`, as Keras writes a batch of unknown size.
std::string keras_shape(const Shape& shape) {
  std::string text = "(None";
  for (const auto extent : shape.extents()) text += fmt::format(", {}", extent);
  return text + ")";
}

std::string layer_text(const Model::Node& node) { return fmt::format("{} ({})", node.name, node.layer->type()); }

std::string row(std::size_t width, const std::string& layer, const std::string& shape, const std::string& parameters) {
  return fmt::format(" {:<{}} {:<24} {:>13}\n", layer, width, shape, parameters);
}

/// 2489095 as `2,489,095`.
std::string grouped(std::int64_t number) {
  auto text = std::to_string(number);
  for (auto at = static_cast<std::int64_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

std::string total(std::string_view what, std::int64_t count) {
  return fmt::format(" {} params: {} ({:.2f} MB)\n", what, grouped(count), static_cast<double>(count) * 4 / 1e6);
}

} // namespace

std::string Model::summary() const {
  std::size_t width = 32; // of the first column, as in Keras, unless a name is longer
  for (const auto& node : nodes_) width = std::max(width, layer_text(node).size());
  const std::string line(width + 41, '-');
  std::string table = row(width, "Layer (type)", "Output Shape", "Param #") + line + "\n";
  for (const auto& node : nodes_) {
    table += row(width, layer_text(node), keras_shape(node.output), grouped(parameter_count(node)));
  }
  table += line + "\n" + total("Total", parameter_count());
  const auto statistics = parameter_count(ParameterRole::statistic);
  if (statistics == 0) return table;
  return table + total("Trainable", parameter_count(ParameterRole::trained)) + total("Non-trainable", statistics);
}

} // namespace mien
