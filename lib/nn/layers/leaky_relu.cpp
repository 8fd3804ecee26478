// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/leaky_relu.hpp"

#include "lib/nn/layers/settings.hpp"
#include "mien/core/error.hpp"

#include <cmath>

namespace mien {
namespace {

class LeakyReLU final : public Layer {
public:
  explicit LeakyReLU(const LeakyReLUSettings& settings) : slope_(settings.negative_slope) {
    if (!(slope_ >= 0 && std::isfinite(static_cast<float>(slope_)))) {
      throw Error(concat("LeakyReLU: negative_slope is ", slope_, ", it must be at least 0 and finite"));
    }
  }

  std::string_view type() const noexcept override { return "LeakyReLU"; }
  Settings settings() const override { return {{"negative_slope", slope_}}; }
  Shape output_shape(std::span<const Shape> inputs) const override { return only_input(inputs, type(), 0); }

  void forward(const ForwardPass& pass) const override {
    leaky_relu_forward(pass.y, pass.x[0], static_cast<float>(slope_), pass.threads);
  }

  void backward(const BackwardPass& pass) const override {
    if (pass.dx[0].data() == nullptr) return;
    leaky_relu_backward(pass.dx[0], pass.y, pass.dy, static_cast<float>(slope_), pass.threads);
  }

private:
  double slope_;
};

} // namespace

LayerPtr leaky_relu(const LeakyReLUSettings& settings) { return std::make_shared<LeakyReLU>(settings); }

LayerPtr make_leaky_relu(const Settings& settings) {
  LeakyReLUSettings all;
  SettingsReader reader("LeakyReLU", settings);
  reader.read("negative_slope", all.negative_slope);
  reader.finish();
  return leaky_relu(all);
}

} // namespace mien
