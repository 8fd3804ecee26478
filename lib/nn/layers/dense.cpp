// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/dense.hpp"

#include "lib/nn/layers/settings.hpp"
#include "mien/core/error.hpp"
#include "mien/ops/relu.hpp"

namespace mien {
namespace {

class Dense final : public Layer {
public:
  explicit Dense(const DenseSettings& settings) : settings_(settings) {
    if (settings.units < 1) throw Error(concat("Dense: units is ", settings.units, ", it must be at least 1"));
  }

  std::string_view type() const noexcept override { return "Dense"; }

  Settings settings() const override {
    return {{"units", settings_.units},
            {"activation", name_of(settings_.activation)},
            {"kernel_initializer", std::string(mien::name_of(settings_.kernel_initializer))}};
  }

  Shape output_shape(std::span<const Shape> inputs) const override {
    (void)only_input(inputs, type(), 1);
    return {settings_.units};
  }

  std::vector<ParameterSpec> parameters(std::span<const Shape> inputs) const override {
    const auto in = inputs[0][0];
    return {{.name = "kernel",
             .shape = {in, settings_.units},
             .initializer = settings_.kernel_initializer,
             .fan_in = in,
             .fan_out = settings_.units},
            {.name = "bias", .shape = {settings_.units}}};
  }

  /// Weights that change with every step are not worth it.
  std::size_t packed(std::span<const Shape> inputs, bool constant) const override {
    return constant ? dense_packed({inputs[0].unbatched()[0], settings_.units}) : 0;
  }

  void pack(std::span<float> to, std::span<const View<const float>> parameters, std::span<const Shape>,
            int threads) const override {
    dense_pack(to, parameters[0], threads);
  }

  void forward(const ForwardPass& pass) const override {
    dense_forward(pass.y, pass.x[0], pass.parameters[0], pass.parameters[1], settings_.activation == Activation::relu,
                  pass.threads, pass.packed);
  }

  void backward(const BackwardPass& pass) const override {
    if (settings_.activation == Activation::relu) relu_backward(pass.dy, pass.y, pass.dy, pass.threads);
    if (pass.training) dense_backward_kernel(pass.gradients[0], pass.gradients[1], pass.x[0], pass.dy, pass.threads);
    if (pass.dx[0].data() != nullptr) dense_backward_data(pass.dx[0], pass.dy, pass.parameters[0], pass.threads);
  }

private:
  DenseSettings settings_;
};

} // namespace

LayerPtr dense(const DenseSettings& settings) { return std::make_shared<Dense>(settings); }

LayerPtr make_dense(const Settings& settings) {
  DenseSettings all;
  SettingsReader reader("Dense", settings);
  reader.read("units", all.units);
  reader.read("activation", all.activation);
  reader.read("kernel_initializer", all.kernel_initializer);
  reader.finish();
  return dense(all);
}

} // namespace mien
