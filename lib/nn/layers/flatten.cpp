// SPDX-License-Identifier: Apache-2.0
#include "lib/nn/layers/settings.hpp"

namespace mien {
namespace {

/// NHWC is in memory order already: nothing moves, the plan lets input and output share their place.
class Flatten final : public Layer {
public:
  std::string_view type() const noexcept override { return "Flatten"; }
  Settings settings() const override { return {}; }
  Shape output_shape(std::span<const Shape> inputs) const override { return {only_input(inputs, type(), 0).size()}; }
  bool is_view(bool) const noexcept override { return true; }
  void forward(const ForwardPass&) const override {}
  void backward(const BackwardPass&) const override {}
};

} // namespace

LayerPtr flatten() { return std::make_shared<Flatten>(); }

LayerPtr make_flatten(const Settings& settings) {
  SettingsReader("Flatten", settings).finish();
  return flatten();
}

} // namespace mien
