// SPDX-License-Identifier: Apache-2.0
#include "lib/nn/layers/settings.hpp"
#include "mien/core/error.hpp"
#include "mien/ops/average_pool2d.hpp"

namespace mien {
namespace {

class AveragePooling2D final : public Layer {
public:
  explicit AveragePooling2D(const AveragePooling2DSettings& settings)
      : options_{.pool_size = settings.pool_size, .strides = settings.strides} {}

  std::string_view type() const noexcept override { return "AveragePooling2D"; }

  Settings settings() const override {
    Settings all;
    write(all, "pool_size", options_.pool_size);
    write(all, "strides", options_.strides);
    return all;
  }

  Shape output_shape(std::span<const Shape> inputs) const override {
    const auto e = pool2d_extents("average_pool2d", only_input(inputs, type(), 3).batched(1), options_);
    return {e.p, e.q, e.c};
  }

  void forward(const ForwardPass& pass) const override {
    average_pool2d_forward(pass.y, pass.x[0], options_, pass.threads);
  }

  void backward(const BackwardPass& pass) const override {
    if (pass.dx[0].data() != nullptr) average_pool2d_backward(pass.dx[0], pass.dy, options_, pass.threads);
  }

private:
  Pool2dOptions options_;
};

} // namespace

LayerPtr average_pooling2d(const AveragePooling2DSettings& settings) {
  return std::make_shared<AveragePooling2D>(settings);
}

LayerPtr make_average_pooling2d(const Settings& settings) {
  AveragePooling2DSettings all;
  SettingsReader reader("AveragePooling2D", settings);
  reader.read("pool_size", all.pool_size);
  reader.read("strides", all.strides);
  reader.finish();
  return average_pooling2d(all);
}

} // namespace mien
