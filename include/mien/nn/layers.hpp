// SPDX-License-Identifier: Apache-2.0
// The layers there are: settings with Keras's names and defaults, and a function that makes each.
#pragma once

#include "mien/nn/initializer.hpp"
#include "mien/nn/layer.hpp"
#include "mien/ops/conv2d.hpp"

#include <array>
#include <cstdint>

namespace mien {

enum class Activation : std::uint8_t { linear, relu };

struct Conv2DSettings {
  std::int64_t filters = 1;
  std::array<std::int64_t, 2> kernel_size{3, 3};
  std::array<std::int64_t, 2> strides{1, 1};
  Padding padding = Padding::valid;
  Activation activation = Activation::linear;
  bool use_bias = true; ///< a batch normalisation behind it takes any bias away again
  Initializer kernel_initializer = Initializer::glorot_uniform;
};
/// (H,W,C) -> (P,Q,filters). Parameters: kernel (R,S,C,K), and bias (K) if used. See conv2d_forward.
[[nodiscard]] LayerPtr conv2d(const Conv2DSettings& settings);

struct DepthwiseConv2DSettings {
  std::array<std::int64_t, 2> kernel_size{3, 3};
  std::array<std::int64_t, 2> strides{1, 1};
  Padding padding = Padding::valid;
  bool use_bias = true;
  Initializer depthwise_initializer = Initializer::glorot_uniform;
};
/// (H,W,C) -> (P,Q,C). Parameters: kernel (R,S,C,1), and bias (C) if used. See depthwise_conv2d_forward.
[[nodiscard]] LayerPtr depthwise_conv2d(const DepthwiseConv2DSettings& settings);

struct BatchNormalizationSettings {
  double momentum = 0.99; ///< what the moving mean and variance keep of themselves in a step
  double epsilon = 1e-3;  ///< added to the variance
  Activation activation = Activation::linear;
};
/// (..., C), unchanged. Training takes mean and variance from the batch, and moves the moving ones, which inference
/// uses. Parameters: gamma, beta; moving_mean, moving_variance; each (C). See batch_norm_forward.
[[nodiscard]] LayerPtr batch_normalization(const BatchNormalizationSettings& settings = {});

struct MaxPooling2DSettings {
  std::array<std::int64_t, 2> pool_size{2, 2};
  std::array<std::int64_t, 2> strides{2, 2};
};
/// (H,W,C) -> (P,Q,C). See max_pool2d_forward.
[[nodiscard]] LayerPtr max_pooling2d(const MaxPooling2DSettings& settings = {});

struct AveragePooling2DSettings {
  std::array<std::int64_t, 2> pool_size{2, 2};
  std::array<std::int64_t, 2> strides{2, 2};
};
/// (H,W,C) -> (P,Q,C). See average_pool2d_forward.
[[nodiscard]] LayerPtr average_pooling2d(const AveragePooling2DSettings& settings = {});

/// (H,W,C) -> (C): the mean of each channel. See global_average_pool2d_forward.
[[nodiscard]] LayerPtr global_average_pooling2d();

struct DropoutSettings {
  double rate = 0.5; ///< the share of elements set to zero while training
};
/// Any shape, unchanged; does nothing outside training. See dropout.
[[nodiscard]] LayerPtr dropout(const DropoutSettings& settings);

/// (H,W,C) -> (H W C), in memory order.
[[nodiscard]] LayerPtr flatten();

/// Any shape, unchanged: max(0, x).
[[nodiscard]] LayerPtr relu();

struct LeakyReLUSettings {
  double negative_slope = 0.3;
};
/// Any shape, unchanged: x where x >= 0, else negative_slope * x.
[[nodiscard]] LayerPtr leaky_relu(const LeakyReLUSettings& settings = {});

/// Any shape, unchanged: x / (1 + e^-x), also called swish.
[[nodiscard]] LayerPtr silu();

/// Two inputs or more of one shape, which is the output's: their sum. See add_forward.
[[nodiscard]] LayerPtr add();

struct DenseSettings {
  std::int64_t units = 1;
  Activation activation = Activation::linear;
  Initializer kernel_initializer = Initializer::glorot_uniform;
};
/// (I) -> (units). Parameters: kernel (I,O), bias (O). See dense_forward.
[[nodiscard]] LayerPtr dense(const DenseSettings& settings);

} // namespace mien
