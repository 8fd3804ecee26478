// SPDX-License-Identifier: Apache-2.0
#include "lib/nn/layers/settings.hpp"
#include "mien/ops/average_pool2d.hpp"

namespace mien {
namespace {

class GlobalAveragePooling2D final : public Layer {
public:
  std::string_view type() const noexcept override { return "GlobalAveragePooling2D"; }
  Settings settings() const override { return {}; }
  Shape output_shape(std::span<const Shape> inputs) const override { return {only_input(inputs, type(), 3)[2]}; }

  void forward(const ForwardPass& pass) const override {
    global_average_pool2d_forward(pass.y, pass.x[0], pass.threads);
  }

  void backward(const BackwardPass& pass) const override {
    if (pass.dx[0].data() != nullptr) global_average_pool2d_backward(pass.dx[0], pass.dy, pass.threads);
  }
};

} // namespace

LayerPtr global_average_pooling2d() { return std::make_shared<GlobalAveragePooling2D>(); }

LayerPtr make_global_average_pooling2d(const Settings& settings) {
  SettingsReader("GlobalAveragePooling2D", settings).finish();
  return global_average_pooling2d();
}

} // namespace mien
