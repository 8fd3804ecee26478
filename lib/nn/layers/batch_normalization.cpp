// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/batch_norm.hpp"

#include "lib/nn/layers/settings.hpp"
#include "mien/core/error.hpp"

namespace mien {
namespace {

class BatchNormalization final : public Layer {
public:
  explicit BatchNormalization(const BatchNormalizationSettings& settings) : settings_(settings) {
    if (!(settings.momentum >= 0 && settings.momentum < 1))
      throw Error(concat("BatchNormalization: momentum is ", settings.momentum, ", it must be in [0, 1)"));
    if (!(settings.epsilon > 0 && settings.epsilon <= 1))
      throw Error(concat("BatchNormalization: epsilon is ", settings.epsilon, ", it must be above 0, at most 1"));
  }

  std::string_view type() const noexcept override { return "BatchNormalization"; }

  Settings settings() const override {
    return {{"momentum", settings_.momentum},
            {"epsilon", settings_.epsilon},
            {"activation", name_of(settings_.activation)}};
  }

  Shape output_shape(std::span<const Shape> inputs) const override { return only_input(inputs, type(), 0); }

  std::vector<ParameterSpec> parameters(std::span<const Shape> inputs) const override {
    const Shape channels{inputs[0][inputs[0].rank() - 1]};
    const auto rate = static_cast<float>(1 - settings_.momentum);
    const auto statistic = [&](const char* name, Initializer initializer) {
      return ParameterSpec{
          .name = name, .shape = channels, .initializer = initializer, .role = ParameterRole::statistic, .rate = rate};
    };
    return {{.name = "gamma", .shape = channels, .initializer = Initializer::ones},
            {.name = "beta", .shape = channels},
            statistic("moving_mean", Initializer::zeros),
            statistic("moving_variance", Initializer::ones)};
  }

  Scratch scratch(std::span<const Shape> inputs, bool) const override { return batch_norm_scratch(inputs[0]); }

  /// Mean and variance of the batch, for the way back.
  std::size_t kept(std::span<const Shape> inputs) const override {
    return static_cast<std::size_t>(2 * inputs[0][inputs[0].rank() - 1]);
  }

  void forward(const ForwardPass& pass) const override {
    if (pass.training) {
      const auto batch = of_batch(pass.kept);
      batch_norm_statistics(batch.mean, batch.variance, pass.x[0], pass.scratch, pass.threads);
      add_difference(pass.gradients[2], pass.parameters[2], batch.mean);
      add_difference(pass.gradients[3], pass.parameters[3], batch.variance);
    }
    const auto s = statistics(pass);
    batch_norm_forward(pass.y, pass.x[0], s.mean, s.variance, pass.parameters[0], pass.parameters[1], options(),
                       pass.scratch, pass.threads);
  }

  void backward(const BackwardPass& pass) const override {
    const auto s = statistics(pass);
    batch_norm_backward(pass.dx[0], pass.gradients[0], pass.gradients[1], pass.y, pass.x[0], pass.dy, s.mean,
                        s.variance, pass.parameters[0], options(),
                        pass.training ? NormStatistics::of_batch : NormStatistics::fixed, pass.scratch, pass.threads);
  }

private:
  template <class T> struct Statistics { View<T> mean, variance; };

  static Statistics<float> of_batch(std::span<float> kept) {
    const auto channels = kept.size() / 2;
    const Shape shape{static_cast<std::int64_t>(channels)};
    return {{kept.data(), shape}, {kept.data() + channels, shape}};
  }

  /// Those of the batch while the layer is trained, else the moving ones.
  template <class Pass> static Statistics<const float> statistics(const Pass& pass) {
    if (!pass.training) return {pass.parameters[2], pass.parameters[3]};
    const auto batch = of_batch(pass.kept);
    return {batch.mean, batch.variance};
  }

  /// A statistic has no derivative: in the place of one stands what is to be taken off it, times its rate.
  static void add_difference(View<float> to, View<const float> moving, View<const float> measured) {
    for (std::size_t c = 0; c < to.size(); ++c) to[c] += moving[c] - measured[c];
  }

  BatchNormOptions options() const {
    return {.epsilon = settings_.epsilon, .relu = settings_.activation == Activation::relu};
  }

  BatchNormalizationSettings settings_;
};

} // namespace

LayerPtr batch_normalization(const BatchNormalizationSettings& settings) {
  return std::make_shared<BatchNormalization>(settings);
}

LayerPtr make_batch_normalization(const Settings& settings) {
  BatchNormalizationSettings all;
  SettingsReader reader("BatchNormalization", settings);
  reader.read("momentum", all.momentum);
  reader.read("epsilon", all.epsilon);
  reader.read("activation", all.activation);
  reader.finish();
  return batch_normalization(all);
}

} // namespace mien
