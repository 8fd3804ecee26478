// SPDX-License-Identifier: Apache-2.0
// From a model file's settings to a layer's and back, every name and value checked.
#pragma once

#include "mien/nn/initializer.hpp"
#include "mien/nn/layer.hpp"
#include "mien/nn/layers.hpp"

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace mien {

/// Reads settings by name; what is absent keeps its default, what is left over at the end is an error.
class SettingsReader {
public:
  SettingsReader(std::string_view layer, const Settings& settings) : layer_(layer), settings_(settings) {}

  void read(const char* name, std::int64_t& value);
  void read(const char* name, double& value);
  void read(const char* name, std::string& value);
  void read(const char* name, bool& value);
  void read(const char* name, Activation& value);
  void read(const char* name, Padding& value);
  void read(const char* name, Initializer& value);
  /// Two numbers are kept as two settings: `<name>_h` and `<name>_w`.
  void read(const char* name, std::array<std::int64_t, 2>& value);
  /// Throws Error naming a setting that no read() asked for.
  void finish() const;

private:
  const Setting* find(const std::string& name);
  [[noreturn]] void fail(const std::string& name, const char* expected) const;

  std::string_view layer_;
  const Settings& settings_;
  std::set<std::string> known_;
};

[[nodiscard]] std::string name_of(Activation activation);
[[nodiscard]] std::string name_of(Padding padding);
void write(Settings& settings, const std::string& name, const std::array<std::int64_t, 2>& value);

/// The entries of make_layer's list, one a layer.
[[nodiscard]] LayerPtr make_add(const Settings& settings);
[[nodiscard]] LayerPtr make_average_pooling2d(const Settings& settings);
[[nodiscard]] LayerPtr make_batch_normalization(const Settings& settings);
[[nodiscard]] LayerPtr make_conv2d(const Settings& settings);
[[nodiscard]] LayerPtr make_dense(const Settings& settings);
[[nodiscard]] LayerPtr make_depthwise_conv2d(const Settings& settings);
[[nodiscard]] LayerPtr make_dropout(const Settings& settings);
[[nodiscard]] LayerPtr make_flatten(const Settings& settings);
[[nodiscard]] LayerPtr make_global_average_pooling2d(const Settings& settings);
[[nodiscard]] LayerPtr make_leaky_relu(const Settings& settings);
[[nodiscard]] LayerPtr make_max_pooling2d(const Settings& settings);
[[nodiscard]] LayerPtr make_relu(const Settings& settings);
[[nodiscard]] LayerPtr make_silu(const Settings& settings);

/// The only input's shape, checked to have `rank` extents (any, if 0). Throws Error, beginning with the layer's name.
[[nodiscard]] Shape only_input(std::span<const Shape> inputs, std::string_view layer, std::size_t rank);

} // namespace mien
