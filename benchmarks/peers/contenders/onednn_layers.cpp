// SPDX-License-Identifier: Apache-2.0
// Each layer's steps forward, and what puts its way back together once the network is complete.
#include "benchmarks/peers/contenders/onednn_network.hpp"

#include <memory>

namespace peers {
namespace {

using dnnl::algorithm;
using dnnl::prop_kind;
using tag = dnnl::memory::format_tag;

constexpr auto f32 = dnnl::memory::data_type::f32;
const dnnl::memory::dims one{1, 1}, two{2, 2}, none{0, 0};

/// Channels in blocks as wide as a vector.
tag blocked() {
  using dnnl::cpu_isa;
  const auto isa = dnnl::get_effective_cpu_isa();
  const bool narrow = isa == cpu_isa::avx || isa == cpu_isa::avx2 || isa == cpu_isa::avx2_vnni;
  return narrow ? tag::nChw8c : tag::nChw16c;
}

dnnl::primitive_attr with_relu(bool wanted) {
  dnnl::primitive_attr attributes;
  dnnl::post_ops operations;
  if (wanted) operations.append_eltwise(1, algorithm::eltwise_relu, 0, 0);
  attributes.set_post_ops(operations);
  return attributes;
}

} // namespace

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

} // namespace peers
