// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/dropout.hpp"

#include "lib/nn/layers/settings.hpp"
#include "mien/core/error.hpp"

namespace mien {
namespace {

class Dropout final : public Layer {
public:
  explicit Dropout(const DropoutSettings& settings) : rate_(settings.rate) {
    if (!(rate_ >= 0 && rate_ < 1)) throw Error(concat("Dropout: rate is ", rate_, ", it must be in [0, 1)"));
  }

  std::string_view type() const noexcept override { return "Dropout"; }
  Settings settings() const override { return {{"rate", rate_}}; }
  Shape output_shape(std::span<const Shape> inputs) const override { return only_input(inputs, type(), 0); }

  /// Outside training nothing is dropped: the plan lets input and output share their place.
  bool is_view(bool training) const noexcept override { return !training; }

  void forward(const ForwardPass& pass) const override {
    mien::dropout(pass.y, pass.x[0], static_cast<float>(rate_), stream(pass.draws, pass.layer_index), pass.threads);
  }

  void backward(const BackwardPass& pass) const override {
    if (pass.dx[0].data() == nullptr) return;
    mien::dropout(pass.dx[0], pass.dy, static_cast<float>(rate_), stream(pass.draws, pass.layer_index), pass.threads);
  }

private:
  static DropoutStream stream(const Draws& draws, std::uint32_t layer) {
    return {.seed = draws.seed, .layer = layer, .epoch = draws.epoch, .samples = draws.samples};
  }

  double rate_;
};

} // namespace

LayerPtr dropout(const DropoutSettings& settings) { return std::make_shared<Dropout>(settings); }

LayerPtr make_dropout(const Settings& settings) {
  DropoutSettings all;
  SettingsReader reader("Dropout", settings);
  reader.read("rate", all.rate);
  reader.finish();
  return dropout(all);
}

} // namespace mien
