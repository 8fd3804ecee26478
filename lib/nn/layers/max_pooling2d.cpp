// SPDX-License-Identifier: Apache-2.0
#include "lib/nn/layers/settings.hpp"
#include "mien/core/error.hpp"
#include "mien/ops/max_pool2d.hpp"

namespace mien {
namespace {

class MaxPooling2D final : public Layer {
public:
  explicit MaxPooling2D(const MaxPooling2DSettings& settings)
      : options_{.pool_size = settings.pool_size, .strides = settings.strides} {}

  std::string_view type() const noexcept override { return "MaxPooling2D"; }

  Settings settings() const override {
    Settings all;
    write(all, "pool_size", options_.pool_size);
    write(all, "strides", options_.strides);
    return all;
  }

  Shape output_shape(std::span<const Shape> inputs) const override {
    const auto e = pool2d_extents("max_pool2d", only_input(inputs, type(), 3).batched(1), options_);
    return {e.p, e.q, e.c};
  }

  void forward(const ForwardPass& pass) const override {
    max_pool2d_forward(pass.y, pass.x[0], options_, pass.threads);
  }

  void backward(const BackwardPass& pass) const override {
    if (pass.dx[0].data() != nullptr) max_pool2d_backward(pass.dx[0], pass.x[0], pass.dy, options_, pass.threads);
  }

private:
  Pool2dOptions options_;
};

} // namespace

LayerPtr max_pooling2d(const MaxPooling2DSettings& settings) { return std::make_shared<MaxPooling2D>(settings); }

LayerPtr make_max_pooling2d(const Settings& settings) {
  MaxPooling2DSettings all;
  SettingsReader reader("MaxPooling2D", settings);
  reader.read("pool_size", all.pool_size);
  reader.read("strides", all.strides);
  reader.finish();
  return max_pooling2d(all);
}

} // namespace mien
