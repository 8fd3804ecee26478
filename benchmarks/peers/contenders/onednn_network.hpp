// SPDX-License-Identifier: Apache-2.0
// The field's network put together from oneDNN's primitives: forward, backward and Adam, direct or by Winograd.
#pragma once

#include "mien/io/safetensors.hpp"

#include <dnnl.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace peers {

/// Lists of steps that are put together once; running them allocates nothing.
///
/// ReLU is a post-operation of convolutions and of the first dense layer. Blocked layouts run through from the first
/// convolution to the first dense layer; where a primitive wants another one, a reorder stands in front of it.
class OneDnnNetwork {
public:
  struct Options {
    std::int64_t batch = 1;
    bool training = false;
    bool dropout = true; ///< while training
    dnnl::algorithm convolution = dnnl::algorithm::convolution_direct;
  };

  /// Throws dnnl::error if this oneDNN has no such convolution on this processor.
  OneDnnNetwork(const Options& options, const mien::Safetensors& model);
  OneDnnNetwork(const OneDnnNetwork&) = delete; // steps refer to members
  OneDnnNetwork& operator=(const OneDnnNetwork&) = delete;

  void set_input(std::span<const float> x);
  void forward();
  /// The mean cross-entropy of what forward() left, and the way back to every parameter's gradient.
  float backward(std::span<const std::int32_t> labels);
  /// One step of Adam, rate 0.0001.
  void update();

  [[nodiscard]] mien::Tensor logits() const;
  /// `gradient/<parameter>` under mien's names and in its layouts.
  [[nodiscard]] std::vector<std::pair<std::string, mien::Tensor>> gradients();

private:
  using Memory = dnnl::memory;
  using Steps = std::vector<std::function<void()>>;
  struct Parameter {
    std::string name;
    Memory::desc as_mien;
    Memory value, gradient;
    std::vector<float> mean, square; ///< Adam's
  };

  Memory convolution(const Memory& x, const std::string& name, std::int64_t filters);
  Memory pooling(const Memory& x);
  Memory dropout(const Memory& x, float rate);
  Memory dense(const Memory& x, const std::string& name, std::int64_t units, bool relu);
  void build_way_back();

  static float* floats(const Memory& m) { return static_cast<float*>(m.get_data_handle()); }
  static std::int64_t count(const Memory& m) {
    return static_cast<std::int64_t>(m.get_desc().get_size() / sizeof(float));
  }
  [[nodiscard]] Memory zeros(const Memory::desc& desc) const;
  /// `from` in another layout: the same memory where it has that layout, else one that a reorder in `steps` fills.
  Memory as(const Memory& from, const Memory::desc& desc, Steps& steps);
  /// A tensor of the model in this layout, with a gradient of the same layout if it is to be trained.
  Parameter& add_parameter(const std::string& name, const Memory::desc& as_mien, const Memory::desc& layout);
  void add(Steps& steps, dnnl::primitive primitive, std::unordered_map<int, Memory> arguments);
  /// Adds what computes a parameter's gradient, which may come in a layout of its own.
  Memory gradient_as(const Parameter& parameter, const Memory::desc& desc, Steps& after);
  void add_relu_backward(const Memory& gradient, const Memory& y);

  Options options_;
  const mien::Safetensors& model_;
  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  Memory x_, logits_, logits_gradient_;
  std::vector<Parameter> parameters_;
  Steps forward_, backward_;
  std::vector<std::function<Memory(Memory)>> way_back_; ///< takes the gradient by the output, gives that by the input
  int updates_ = 0;
};

} // namespace peers
