// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/depthwise_conv2d.hpp"

#include "lib/nn/layers/settings.hpp"
#include "mien/core/error.hpp"

namespace mien {
namespace {

class DepthwiseConv2D final : public Layer {
public:
  explicit DepthwiseConv2D(const DepthwiseConv2DSettings& settings) : settings_(settings) {
    if (settings.kernel_size[0] < 1 || settings.kernel_size[1] < 1 || settings.strides[0] < 1 ||
        settings.strides[1] < 1) {
      throw Error("DepthwiseConv2D: kernel_size and strides must be at least 1");
    }
  }

  std::string_view type() const noexcept override { return "DepthwiseConv2D"; }

  Settings settings() const override {
    Settings all{{"padding", name_of(settings_.padding)},
                 {"depthwise_initializer", std::string(mien::name_of(settings_.depthwise_initializer))}};
    if (!settings_.use_bias) all["use_bias"] = false; // absent where true, as Conv2D's is
    write(all, "kernel_size", settings_.kernel_size);
    write(all, "strides", settings_.strides);
    return all;
  }

  Shape output_shape(std::span<const Shape> inputs) const override {
    const auto x = only_input(inputs, type(), 3);
    const auto e = depthwise_conv2d_extents(x.batched(1), kernel_shape(x), options());
    return {e.p, e.q, e.c};
  }

  /// Keras counts a kernel (R,S,C,1) as any other: C inputs feed an output, though in truth one channel does.
  std::vector<ParameterSpec> parameters(std::span<const Shape> inputs) const override {
    const auto kernel = kernel_shape(inputs[0]);
    const auto window = kernel[0] * kernel[1];
    std::vector<ParameterSpec> specs{{.name = "kernel",
                                      .shape = kernel,
                                      .initializer = settings_.depthwise_initializer,
                                      .fan_in = window * kernel[2],
                                      .fan_out = window}};
    if (settings_.use_bias) specs.push_back({.name = "bias", .shape = {kernel[2]}});
    return specs;
  }

  void forward(const ForwardPass& pass) const override {
    const auto bias = settings_.use_bias ? pass.parameters[1] : View<const float>(nullptr, {0});
    depthwise_conv2d_forward(pass.y, pass.x[0], pass.parameters[0], bias, options(), pass.threads);
  }

  void backward(const BackwardPass& pass) const override {
    const auto bias = settings_.use_bias ? pass.gradients[1] : View<float>(nullptr, {0});
    if (pass.training)
      depthwise_conv2d_backward_filter(pass.gradients[0], bias, pass.x[0], pass.dy, options(), pass.threads);
    if (pass.dx[0].data() == nullptr) return;
    depthwise_conv2d_backward_data(pass.dx[0], pass.dy, pass.parameters[0], options(), pass.threads);
  }

private:
  Shape kernel_shape(const Shape& picture) const {
    return {settings_.kernel_size[0], settings_.kernel_size[1], picture[2], 1};
  }
  DepthwiseConv2dOptions options() const { return {.strides = settings_.strides, .padding = settings_.padding}; }

  DepthwiseConv2DSettings settings_;
};

} // namespace

LayerPtr depthwise_conv2d(const DepthwiseConv2DSettings& settings) {
  return std::make_shared<DepthwiseConv2D>(settings);
}

LayerPtr make_depthwise_conv2d(const Settings& settings) {
  DepthwiseConv2DSettings all;
  SettingsReader reader("DepthwiseConv2D", settings);
  reader.read("kernel_size", all.kernel_size);
  reader.read("strides", all.strides);
  reader.read("padding", all.padding);
  reader.read("use_bias", all.use_bias);
  reader.read("depthwise_initializer", all.depthwise_initializer);
  reader.finish();
  return depthwise_conv2d(all);
}

} // namespace mien
