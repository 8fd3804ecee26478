// SPDX-License-Identifier: Apache-2.0
// A convolution, alone or with what a plan lets it do in the same pass.
#pragma once

#include "mien/nn/layers.hpp"

#include <optional>
#include <string>

namespace mien {

/// What a plan adds to the layer of a model.
struct PlannedConv2D {
  std::string algorithm{};         ///< where the list of algorithms is begun
  bool max_pool = false;           ///< a MaxPooling2D of 2x2 behind it
  std::optional<double> dropout{}; ///< the rate of a Dropout behind that
};

class Conv2D final : public Layer {
public:
  explicit Conv2D(const Conv2DSettings& settings, const PlannedConv2D& planned = {});

  std::string_view type() const noexcept override { return "Conv2D"; }
  Settings settings() const override;
  Shape output_shape(std::span<const Shape> inputs) const override;
  std::vector<ParameterSpec> parameters(std::span<const Shape> inputs) const override;

  LayerPtr followed_by(const Layer& next, std::span<const Shape> inputs) const override;
  LayerPtr beginning_with(std::string_view algorithm) const override;

  std::string_view algorithm(std::span<const Shape> inputs) const override;
  Scratch scratch(std::span<const Shape> inputs, bool training) const override;
  std::size_t kept(std::span<const Shape> inputs) const override;
  std::size_t packed(std::span<const Shape> inputs, bool constant) const override;
  void pack(std::span<float> to, std::span<const View<const float>> parameters, std::span<const Shape> inputs,
            int threads) const override;
  void forward(const ForwardPass& pass) const override;
  void backward(const BackwardPass& pass) const override;

private:
  [[nodiscard]] Shape kernel_shape(const Shape& picture) const;
  [[nodiscard]] Conv2dOptions options() const;
  [[nodiscard]] const Conv2dAlgorithm& chosen(const Shape& x) const;

  Conv2DSettings settings_;
  PlannedConv2D planned_;
};

} // namespace mien
