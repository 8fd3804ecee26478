// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/peers/contenders/onednn_network.hpp"

#include "mien/core/error.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace peers {
namespace {

using dnnl::algorithm;
using dnnl::memory;
using dnnl::prop_kind;
using tag = memory::format_tag;
using dims = memory::dims;

constexpr auto f32 = memory::data_type::f32;
const dims one{1, 1}, two{2, 2}, none{0, 0};

float* floats(const memory& m) { return static_cast<float*>(m.get_data_handle()); }
std::int64_t count(const memory& m) { return static_cast<std::int64_t>(m.get_desc().get_size() / sizeof(float)); }

/// Channels in blocks as wide as a vector.
tag blocked() {
  const auto isa = dnnl::get_effective_cpu_isa();
  return isa == dnnl::cpu_isa::avx2 || isa == dnnl::cpu_isa::avx2_vnni || isa == dnnl::cpu_isa::avx ? tag::nChw8c
                                                                                                    : tag::nChw16c;
}

dnnl::primitive_attr with_relu(bool wanted) {
  dnnl::primitive_attr attributes;
  dnnl::post_ops operations;
  if (wanted) operations.append_eltwise(1, algorithm::eltwise_relu, 0, 0);
  attributes.set_post_ops(operations);
  return attributes;
}

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

void OneDnnNetwork::add_relu_backward(const Memory& gradient, const Memory& y) {
  backward_.emplace_back([g = floats(gradient), y = floats(y), n = count(gradient)] {
#pragma omp parallel for simd
    for (std::int64_t i = 0; i < n; ++i) g[i] = y[i] > 0 ? g[i] : 0;
  });
}

OneDnnNetwork::Memory OneDnnNetwork::convolution(const Memory& x, const std::string& name, std::int64_t filters) {
  const auto in = x.get_desc().dims();
  const bool first = in[1] == 1;
  const auto how = first ? algorithm::convolution_direct : options_.convolution;
  const auto kind = options_.training ? prop_kind::forward_training : prop_kind::forward_inference;
  const Memory::desc weights({filters, in[1], 3, 3}, f32, tag::any), biases({filters}, f32, tag::x),
      out({in[0], filters, in[2] - 2, in[3] - 2}, f32, blocked());
  const dnnl::convolution_forward::primitive_desc forward(
      {kind, how, x.get_desc(), weights, biases, out, one, none, none}, with_relu(true), engine_);
  auto& kernel = add_parameter(name + "/kernel", {{filters, in[1], 3, 3}, f32, tag::hwio}, forward.weights_desc());
  auto& bias = add_parameter(name + "/bias", biases, biases);
  const Memory y = zeros(forward.dst_desc());
  add(forward_, dnnl::convolution_forward(forward),
      {{DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, kernel.value}, {DNNL_ARG_BIAS, bias.value}, {DNNL_ARG_DST, y}});

  way_back_.emplace_back([=, this, &kernel, &bias](Memory dy) -> Memory {
    add_relu_backward(dy, y);
    const dnnl::convolution_forward::primitive_desc hint(
        {kind, how, x.get_desc(), weights, biases, out, one, none, none}, engine_);
    const dnnl::convolution_backward_weights::primitive_desc by_weights(
        {how, x.get_desc(), weights, biases, out, one, none, none}, engine_, hint);
    Steps after;
    const Memory dw = gradient_as(kernel, by_weights.diff_weights_desc(), after);
    add(backward_, dnnl::convolution_backward_weights(by_weights),
        {{DNNL_ARG_SRC, as(x, by_weights.src_desc(), backward_)},
         {DNNL_ARG_DIFF_DST, as(dy, by_weights.diff_dst_desc(), backward_)},
         {DNNL_ARG_DIFF_WEIGHTS, dw},
         {DNNL_ARG_DIFF_BIAS, bias.gradient}});
    backward_.insert(backward_.end(), after.begin(), after.end());
    if (first) return {}; // nobody asks for the derivative by the pictures
    const dnnl::convolution_backward_data::primitive_desc by_data({how, x.get_desc(), weights, out, one, none, none},
                                                                  engine_, hint);
    const Memory dx = zeros(by_data.diff_src_desc());
    add(backward_, dnnl::convolution_backward_data(by_data),
        {{DNNL_ARG_DIFF_DST, as(dy, by_data.diff_dst_desc(), backward_)},
         {DNNL_ARG_WEIGHTS, as(kernel.value, by_data.weights_desc(), backward_)},
         {DNNL_ARG_DIFF_SRC, dx}});
    return dx;
  });
  return y;
}

OneDnnNetwork::Memory OneDnnNetwork::pooling(const Memory& x) {
  const auto in = x.get_desc().dims();
  const auto kind = options_.training ? prop_kind::forward_training : prop_kind::forward_inference;
  const Memory::desc out({in[0], in[1], in[2] / 2, in[3] / 2}, f32, tag::any);
  const dnnl::pooling_forward::primitive_desc forward(
      {kind, algorithm::pooling_max, x.get_desc(), out, two, two, none, none}, engine_);
  const Memory y = zeros(forward.dst_desc());
  if (!options_.training) {
    add(forward_, dnnl::pooling_forward(forward), {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, y}});
    return y;
  }
  const Memory places(forward.workspace_desc(), engine_);
  add(forward_, dnnl::pooling_forward(forward), {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, y}, {DNNL_ARG_WORKSPACE, places}});
  way_back_.emplace_back([=, this](Memory dy) {
    const dnnl::pooling_backward::primitive_desc backward(
        {algorithm::pooling_max, x.get_desc(), y.get_desc(), two, two, none, none}, engine_, forward);
    const Memory dx = zeros(x.get_desc());
    add(backward_, dnnl::pooling_backward(backward),
        {{DNNL_ARG_DIFF_DST, as(dy, y.get_desc(), backward_)}, {DNNL_ARG_DIFF_SRC, dx}, {DNNL_ARG_WORKSPACE, places}});
    return dx;
  });
  return y;
}

/// In place; the mask of a step is drawn by hashing each element's index, which vectorises.
OneDnnNetwork::Memory OneDnnNetwork::dropout(const Memory& x, float rate) {
  if (!options_.training || !options_.dropout) return x;
  const auto n = count(x);
  const auto mask = std::make_shared<std::vector<unsigned char>>(n);
  const auto least = static_cast<unsigned>(static_cast<double>(rate) * 4294967295.0);
  const float scale = 1 / (1 - rate);
  forward_.emplace_back([=, y = floats(x), step = 1u]() mutable {
    const unsigned salt = step++ * 2654435761u;
    unsigned char* kept = mask->data();
#pragma omp parallel for simd
    for (std::int64_t i = 0; i < n; ++i) {
      unsigned hash = static_cast<unsigned>(i) * 2246822519u ^ salt;
      hash ^= hash >> 15;
      hash *= 2654435761u;
      hash ^= hash >> 13;
      kept[i] = hash >= least;
      y[i] = kept[i] ? y[i] * scale : 0;
    }
  });
  way_back_.emplace_back([=, this](Memory dy) {
    backward_.emplace_back([=, g = floats(dy)] {
      const unsigned char* kept = mask->data();
#pragma omp parallel for simd
      for (std::int64_t i = 0; i < n; ++i) g[i] = kept[i] ? g[i] * scale : 0;
    });
    return dy;
  });
  return x;
}

OneDnnNetwork::Memory OneDnnNetwork::dense(const Memory& x, const std::string& name, std::int64_t units, bool relu) {
  auto shape = x.get_desc().dims(); // (B,C,4,4) or (B,C): oneDNN flattens by itself, and mien's rows are its hwio
  shape[0] = units;
  const auto kind = options_.training ? prop_kind::forward_training : prop_kind::forward_inference;
  const Memory::desc weights(shape, f32, tag::any), biases({units}, f32, tag::x),
      out({options_.batch, units}, f32, tag::nc);
  const dnnl::inner_product_forward::primitive_desc forward({kind, x.get_desc(), weights, biases, out}, with_relu(relu),
                                                            engine_);
  auto& kernel =
      add_parameter(name + "/kernel", {shape, f32, shape.size() == 4 ? tag::hwio : tag::io}, forward.weights_desc());
  auto& bias = add_parameter(name + "/bias", biases, biases);
  const Memory y = zeros(forward.dst_desc());
  add(forward_, dnnl::inner_product_forward(forward),
      {{DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, kernel.value}, {DNNL_ARG_BIAS, bias.value}, {DNNL_ARG_DST, y}});

  way_back_.emplace_back([=, this, &kernel, &bias](Memory dy) {
    if (relu) add_relu_backward(dy, y);
    const dnnl::inner_product_backward_weights::primitive_desc by_weights({x.get_desc(), weights, biases, out}, engine_,
                                                                          forward);
    Steps after;
    const Memory dw = gradient_as(kernel, by_weights.diff_weights_desc(), after);
    add(backward_, dnnl::inner_product_backward_weights(by_weights),
        {{DNNL_ARG_SRC, x}, {DNNL_ARG_DIFF_DST, dy}, {DNNL_ARG_DIFF_WEIGHTS, dw}, {DNNL_ARG_DIFF_BIAS, bias.gradient}});
    backward_.insert(backward_.end(), after.begin(), after.end());
    const dnnl::inner_product_backward_data::primitive_desc by_data({x.get_desc(), weights, out}, engine_, forward);
    const Memory dx = zeros(by_data.diff_src_desc());
    add(backward_, dnnl::inner_product_backward_data(by_data),
        {{DNNL_ARG_DIFF_DST, dy},
         {DNNL_ARG_WEIGHTS, as(kernel.value, by_data.weights_desc(), backward_)},
         {DNNL_ARG_DIFF_SRC, dx}});
    return dx;
  });
  return y;
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
