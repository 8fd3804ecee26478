// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/silu.hpp"

#include "lib/nn/layers/settings.hpp"

namespace mien {
namespace {

class SiLU final : public Layer {
public:
  std::string_view type() const noexcept override { return "SiLU"; }
  Settings settings() const override { return {}; }
  Shape output_shape(std::span<const Shape> inputs) const override { return only_input(inputs, type(), 0); }
  void forward(const ForwardPass& pass) const override { silu_forward(pass.y, pass.x[0], pass.threads); }
  void backward(const BackwardPass& pass) const override {
    if (pass.dx[0].data() != nullptr) silu_backward(pass.dx[0], pass.x[0], pass.dy, pass.threads);
  }
};

} // namespace

LayerPtr silu() { return std::make_shared<SiLU>(); }

LayerPtr make_silu(const Settings& settings) {
  SettingsReader("SiLU", settings).finish();
  return silu();
}

} // namespace mien
