// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/conv2d.hpp"

#include "lib/nn/layers/settings.hpp"
#include "mien/core/error.hpp"
#include "mien/ops/relu.hpp"

namespace mien {
namespace {

class Conv2D final : public Layer {
public:
  explicit Conv2D(const Conv2DSettings& settings) : settings_(settings) {
    if (settings.filters < 1 || settings.kernel_size[0] < 1 || settings.kernel_size[1] < 1 || settings.strides[0] < 1 ||
        settings.strides[1] < 1) {
      throw Error("Conv2D: filters, kernel_size and strides must be at least 1");
    }
  }

  std::string_view type() const noexcept override { return "Conv2D"; }

  Settings settings() const override {
    Settings all{{"filters", settings_.filters},
                 {"padding", name_of(settings_.padding)},
                 {"activation", name_of(settings_.activation)},
                 {"kernel_initializer", std::string(mien::name_of(settings_.kernel_initializer))}};
    write(all, "kernel_size", settings_.kernel_size);
    write(all, "strides", settings_.strides);
    if (!settings_.use_bias) all["use_bias"] = false; // absent where true, as in files from before there was a choice
    return all;
  }

  Shape output_shape(std::span<const Shape> inputs) const override {
    const auto x = only_input(inputs, type(), 3);
    const auto e = conv2d_extents(x.batched(1), kernel_shape(x), options());
    return {e.p, e.q, e.k};
  }

  std::vector<ParameterSpec> parameters(std::span<const Shape> inputs) const override {
    const auto kernel = kernel_shape(inputs[0]);
    const auto window = kernel[0] * kernel[1];
    std::vector<ParameterSpec> specs{{.name = "kernel",
                                      .shape = kernel,
                                      .initializer = settings_.kernel_initializer,
                                      .fan_in = window * kernel[2],
                                      .fan_out = window * kernel[3]}};
    if (settings_.use_bias) specs.push_back({.name = "bias", .shape = {settings_.filters}});
    return specs;
  }

  Scratch scratch(std::span<const Shape> inputs, bool) const override {
    return conv2d_scratch(inputs[0], kernel_shape(inputs[0].unbatched()), options());
  }

  std::string_view algorithm(std::span<const Shape> inputs) const override {
    return choose_conv2d(conv2d_extents(inputs[0], kernel_shape(inputs[0].unbatched()), options())).name;
  }

  void forward(const ForwardPass& pass) const override {
    const auto bias = settings_.use_bias ? pass.parameters[1] : View<const float>(nullptr, {0});
    conv2d_forward(pass.y, pass.x[0], pass.parameters[0], bias, options(), pass.scratch, pass.threads);
  }

  void backward(const BackwardPass& pass) const override {
    if (settings_.activation == Activation::relu) relu_backward(pass.dy, pass.y, pass.dy, pass.threads);
    const auto bias = settings_.use_bias ? pass.gradients[1] : View<float>(nullptr, {0});
    if (pass.training)
      conv2d_backward_filter(pass.gradients[0], bias, pass.x[0], pass.dy, options(), pass.scratch, pass.threads);
    if (pass.dx[0].data() == nullptr) return;
    conv2d_backward_data(pass.dx[0], pass.dy, pass.parameters[0], options(), pass.scratch, pass.threads);
  }

private:
  Shape kernel_shape(const Shape& picture) const {
    return {settings_.kernel_size[0], settings_.kernel_size[1], picture[2], settings_.filters};
  }
  Conv2dOptions options() const {
    return {
        .strides = settings_.strides, .padding = settings_.padding, .relu = settings_.activation == Activation::relu};
  }

  Conv2DSettings settings_;
};

} // namespace

LayerPtr conv2d(const Conv2DSettings& settings) { return std::make_shared<Conv2D>(settings); }

LayerPtr make_conv2d(const Settings& settings) {
  Conv2DSettings all;
  SettingsReader reader("Conv2D", settings);
  reader.read("filters", all.filters);
  reader.read("kernel_size", all.kernel_size);
  reader.read("strides", all.strides);
  reader.read("padding", all.padding);
  reader.read("activation", all.activation);
  reader.read("use_bias", all.use_bias);
  reader.read("kernel_initializer", all.kernel_initializer);
  reader.finish();
  return conv2d(all);
}

} // namespace mien
