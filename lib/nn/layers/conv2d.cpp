// SPDX-License-Identifier: Apache-2.0
#include "lib/nn/layers/conv2d.hpp"

#include "lib/nn/layers/settings.hpp"
#include "mien/core/error.hpp"

namespace mien {

Conv2D::Conv2D(const Conv2DSettings& settings, const PlannedConv2D& planned) : settings_(settings), planned_(planned) {
  if (settings.filters < 1 || settings.kernel_size[0] < 1 || settings.kernel_size[1] < 1 || settings.strides[0] < 1 ||
      settings.strides[1] < 1) {
    throw Error("Conv2D: filters, kernel_size and strides must be at least 1");
  }
}

Settings Conv2D::settings() const {
  Settings all{{"filters", settings_.filters},
               {"padding", name_of(settings_.padding)},
               {"activation", name_of(settings_.activation)},
               {"kernel_initializer", std::string(mien::name_of(settings_.kernel_initializer))}};
  write(all, "kernel_size", settings_.kernel_size);
  write(all, "strides", settings_.strides);
  if (!settings_.use_bias) all["use_bias"] = false; // absent where true, as in files from before there was a choice
  return all;
}

Shape Conv2D::output_shape(std::span<const Shape> inputs) const {
  const auto x = only_input(inputs, type(), 3);
  const auto e = conv2d_extents(x.batched(1), kernel_shape(x), options());
  return {e.p, e.q, e.k};
}

std::vector<ParameterSpec> Conv2D::parameters(std::span<const Shape> inputs) const {
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

Shape Conv2D::kernel_shape(const Shape& picture) const {
  return {settings_.kernel_size[0], settings_.kernel_size[1], picture[picture.rank() - 1], settings_.filters};
}

Conv2dOptions Conv2D::options() const {
  return {.strides = settings_.strides,
          .padding = settings_.padding,
          .relu = settings_.activation == Activation::relu,
          .max_pool = planned_.max_pool,
          .algorithm = planned_.algorithm};
}

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
