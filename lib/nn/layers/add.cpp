// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/add.hpp"

#include "lib/nn/layers/settings.hpp"
#include "mien/core/error.hpp"

namespace mien {
namespace {

class Add final : public Layer {
public:
  std::string_view type() const noexcept override { return "Add"; }
  Settings settings() const override { return {}; }

  Shape output_shape(std::span<const Shape> inputs) const override {
    if (inputs.size() < 2) throw Error(concat("Add: takes two inputs or more, ", inputs.size(), " given; name them"));
    for (const auto& shape : inputs) {
      if (shape != inputs[0]) {
        throw Error(concat("Add: the inputs must have one shape, they are ", inputs[0], " and ", shape));
      }
    }
    return inputs[0];
  }

  void forward(const ForwardPass& pass) const override { add_forward(pass.y, pass.x, pass.threads); }
  void backward(const BackwardPass& pass) const override { add_backward(pass.dx, pass.dy, pass.threads); }
};

} // namespace

LayerPtr add() { return std::make_shared<Add>(); }

LayerPtr make_add(const Settings& settings) {
  SettingsReader("Add", settings).finish();
  return add();
}

} // namespace mien
