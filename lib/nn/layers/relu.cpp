// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/relu.hpp"

#include "lib/nn/layers/settings.hpp"

namespace mien {
namespace {

class ReLU final : public Layer {
public:
  std::string_view type() const noexcept override { return "ReLU"; }
  Settings settings() const override { return {}; }
  Shape output_shape(std::span<const Shape> inputs) const override { return only_input(inputs, type(), 0); }
  void forward(const ForwardPass& pass) const override { relu_forward(pass.y, pass.x[0], pass.threads); }
  void backward(const BackwardPass& pass) const override {
    if (pass.dx[0].data() != nullptr) relu_backward(pass.dx[0], pass.y, pass.dy, pass.threads);
  }
};

} // namespace

LayerPtr relu() { return std::make_shared<ReLU>(); }

LayerPtr make_relu(const Settings& settings) {
  SettingsReader("ReLU", settings).finish();
  return relu();
}

} // namespace mien
