// SPDX-License-Identifier: Apache-2.0
// How a convolution runs, with a max pooling and a dropout behind it where a plan has fused them.
#include "lib/nn/layers/conv2d.hpp"
#include "mien/ops/dropout.hpp"

namespace mien {
namespace {

bool is_pooling_of_2x2(const Layer& layer) {
  return layer.type() == "MaxPooling2D" && layer.settings() == max_pooling2d()->settings();
}

/// Which of four was the largest: bytes in the memory of floats.
std::span<std::uint8_t> winners_in(std::span<float> kept) {
  return {reinterpret_cast<std::uint8_t*>(kept.data()), kept.size_bytes()};
}

} // namespace

const Conv2dAlgorithm& Conv2D::chosen(const Shape& x) const {
  return choose_conv2d(conv2d_extents(x, kernel_shape(x), options()), planned_.algorithm);
}

std::string_view Conv2D::algorithm(std::span<const Shape> inputs) const { return chosen(inputs[0]).name; }

/// A dropout is taken up behind a rectifier only: that y is above 0 tells on the way back that it was kept.
LayerPtr Conv2D::followed_by(const Layer& next, std::span<const Shape> inputs) const {
  const auto& algorithm = chosen(inputs[0]);
  if (planned_.dropout) return nullptr;
  auto planned = planned_;
  if (is_pooling_of_2x2(next) && !planned_.max_pool && algorithm.fuses_max_pool) {
    planned.max_pool = true;
  } else if (next.type() == "Dropout" && settings_.activation == Activation::relu && algorithm.fuses_relu) {
    planned.dropout = std::get<double>(next.settings().at("rate"));
  } else {
    return nullptr;
  }
  return std::make_shared<Conv2D>(settings_, planned);
}

LayerPtr Conv2D::beginning_with(std::string_view algorithm) const {
  auto planned = planned_;
  planned.algorithm = algorithm;
  return std::make_shared<Conv2D>(settings_, planned);
}

Scratch Conv2D::scratch(std::span<const Shape> inputs, bool training) const {
  return conv2d_scratch(inputs[0], kernel_shape(inputs[0]), options(), training);
}

std::size_t Conv2D::kept(std::span<const Shape> inputs) const {
  if (!planned_.max_pool) return 0;
  const auto e = conv2d_extents(inputs[0], kernel_shape(inputs[0]), options());
  const auto winners = e.n * (e.p / 2) * (e.q / 2) * e.k;
  return (static_cast<std::size_t>(winners) + sizeof(float) - 1) / sizeof(float);
}

std::size_t Conv2D::packed(std::span<const Shape> inputs, bool) const {
  return conv2d_packed(inputs[0], kernel_shape(inputs[0]), options());
}

void Conv2D::pack(std::span<float> to, std::span<const View<const float>> parameters, std::span<const Shape> inputs,
                  int threads) const {
  conv2d_pack(to, parameters[0], inputs[0], options(), threads);
}

void Conv2D::forward(const ForwardPass& pass) const {
  const auto bias = settings_.use_bias ? pass.parameters[1] : View<const float>(nullptr, {0});
  const auto winners = planned_.max_pool ? winners_in(pass.kept) : std::span<std::uint8_t>();
  conv2d_forward(pass.y, pass.x[0], pass.parameters[0], bias, options(), pass.scratch, pass.threads, pass.packed,
                 winners);
  if (!planned_.dropout) return;
  const DropoutStream stream{.seed = pass.draws.seed,
                             .layer = pass.layer_index + (planned_.max_pool ? 2 : 1), // the dropout's own
                             .epoch = pass.draws.epoch,
                             .samples = pass.draws.samples};
  mien::dropout(pass.y, pass.y, static_cast<float>(*planned_.dropout), stream, pass.threads);
}

void Conv2D::backward(const BackwardPass& pass) const {
  Conv2dGradients to{.dx = pass.dx[0]};
  if (pass.training) to.dw = pass.gradients[0];
  if (settings_.use_bias) to.db = pass.gradients[1];
  const auto winners = planned_.max_pool ? winners_in(pass.kept) : std::span<std::uint8_t>();
  const auto scale = planned_.dropout ? 1 / (1 - static_cast<float>(*planned_.dropout)) : 1.0f;
  conv2d_backward(to, pass.dy, pass.x[0], pass.y, pass.parameters[0], options(), pass.scratch, pass.threads, winners,
                  scale);
}

} // namespace mien
