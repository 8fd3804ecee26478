// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/peers/contenders/onednn_network.hpp"

#include "mien/core/error.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace peers {
namespace {

using tag = dnnl::memory::format_tag;

constexpr auto f32 = dnnl::memory::data_type::f32;

} // namespace

OneDnnNetwork::OneDnnNetwork(const Options& options, const mien::Safetensors& model)
    : options_(options), model_(model) {
  parameters_.reserve(12); // steps refer to them
  x_ = zeros({{options.batch, 1, 48, 48}, f32, tag::nchw});
  Memory y = convolution(x_, "conv2d", 32);
  y = dropout(pooling(convolution(y, "conv2d_1", 64)), 0.1f);
  y = dropout(pooling(convolution(y, "conv2d_2", 128)), 0.1f);
  y = dropout(pooling(convolution(y, "conv2d_3", 256)), 0.1f);
  y = dropout(dense(y, "dense", 512, true), 0.2f);
  logits_ = dense(y, "dense_1", 7, false);
  if (options.training) build_way_back();
}

OneDnnNetwork::Memory OneDnnNetwork::zeros(const Memory::desc& desc) const {
  Memory m(desc, engine_);
  std::memset(m.get_data_handle(), 0, desc.get_size());
  return m;
}

void OneDnnNetwork::add(Steps& steps, dnnl::primitive primitive, std::unordered_map<int, Memory> arguments) {
  steps.emplace_back([this, primitive = std::move(primitive), arguments = std::move(arguments)] {
    primitive.execute(stream_, arguments);
    stream_.wait();
  });
}

OneDnnNetwork::Memory OneDnnNetwork::as(const Memory& from, const Memory::desc& desc, Steps& steps) {
  if (from.get_desc() == desc) return from;
  Memory to = zeros(desc);
  add(steps, dnnl::reorder(from, to), {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
  return to;
}

OneDnnNetwork::Parameter& OneDnnNetwork::add_parameter(const std::string& name, const Memory::desc& as_mien,
                                                       const Memory::desc& layout) {
  const auto* tensor = model_.find(name);
  if (tensor == nullptr) throw mien::Error("the model has no " + name + ": is it the field's network (seed)?");
  Memory given(as_mien, engine_, const_cast<std::byte*>(tensor->bytes().data()));
  auto& parameter = parameters_.emplace_back(Parameter{name, as_mien, zeros(layout), {}, {}, {}});
  dnnl::reorder(given, parameter.value).execute(stream_, given, parameter.value);
  stream_.wait();
  if (options_.training) {
    parameter.gradient = zeros(layout);
    parameter.mean.resize(static_cast<std::size_t>(count(parameter.value)));
    parameter.square = parameter.mean;
  }
  return parameter;
}

OneDnnNetwork::Memory OneDnnNetwork::gradient_as(const Parameter& parameter, const Memory::desc& desc, Steps& after) {
  if (parameter.gradient.get_desc() == desc) return parameter.gradient;
  Memory computed = zeros(desc);
  add(after, dnnl::reorder(computed, parameter.gradient),
      {{DNNL_ARG_FROM, computed}, {DNNL_ARG_TO, parameter.gradient}});
  return computed;
}

void OneDnnNetwork::build_way_back() {
  logits_gradient_ = zeros(logits_.get_desc());
  Memory gradient = logits_gradient_;
  for (auto layer = way_back_.rbegin(); layer != way_back_.rend(); ++layer) gradient = (*layer)(gradient);
}

void OneDnnNetwork::set_input(std::span<const float> x) { std::ranges::copy(x, floats(x_)); }

void OneDnnNetwork::forward() {
  for (auto& step : forward_) step();
}

float OneDnnNetwork::backward(std::span<const std::int32_t> labels) {
  constexpr std::size_t classes = 7;
  const float scale = 1 / static_cast<float>(labels.size());
  float loss = 0;
  for (std::size_t n = 0; n < labels.size(); ++n) {
    const float* z = floats(logits_) + n * classes;
    float* g = floats(logits_gradient_) + n * classes;
    const float largest = *std::max_element(z, z + classes);
    float sum = 0;
    for (std::size_t k = 0; k < classes; ++k) sum += g[k] = std::exp(z[k] - largest);
    const auto label = static_cast<std::size_t>(labels[n]);
    loss -= (z[label] - largest - std::log(sum)) * scale;
    for (std::size_t k = 0; k < classes; ++k) g[k] = (g[k] / sum - (k == label ? 1.0f : 0.0f)) * scale;
  }
  for (auto& step : backward_) step();
  return loss;
}

void OneDnnNetwork::update() {
  constexpr float rate = 1e-4f, beta_1 = 0.9f, beta_2 = 0.999f, epsilon = 1e-7f;
  ++updates_;
  const float step = rate * std::sqrt(1 - std::pow(beta_2, static_cast<float>(updates_))) /
                     (1 - std::pow(beta_1, static_cast<float>(updates_)));
  for (auto& parameter : parameters_) {
    float* w = floats(parameter.value);
    const float* g = floats(parameter.gradient);
    float* m = parameter.mean.data();
    float* v = parameter.square.data();
    const auto n = count(parameter.value);
#pragma omp parallel for simd
    for (std::int64_t i = 0; i < n; ++i) {
      m[i] = beta_1 * m[i] + (1 - beta_1) * g[i];
      v[i] = beta_2 * v[i] + (1 - beta_2) * g[i] * g[i];
      w[i] -= step * m[i] / (std::sqrt(v[i]) + epsilon);
    }
  }
}

mien::Tensor OneDnnNetwork::logits() const {
  mien::Tensor tensor({options_.batch, 7});
  std::copy_n(floats(logits_), tensor.size(), tensor.view<float>().data());
  return tensor;
}

std::vector<std::pair<std::string, mien::Tensor>> OneDnnNetwork::gradients() {
  std::vector<std::pair<std::string, mien::Tensor>> result;
  for (auto& parameter : parameters_) {
    mien::Tensor tensor(model_.find(parameter.name)->shape());
    Memory to(parameter.as_mien, engine_, tensor.bytes().data());
    dnnl::reorder(parameter.gradient, to).execute(stream_, parameter.gradient, to);
    stream_.wait();
    result.emplace_back("gradient/" + parameter.name, std::move(tensor));
  }
  return result;
}

} // namespace peers
