// SPDX-License-Identifier: Apache-2.0
// What all contenders are given and what they have to answer: weights, drawn faces, and what mien computes from them.
//
//   peers_material model NET FILE                     a model file with random weights, no two channels alike
//   peers_material faces COUNT FILE                   x (N,48,48,1) in [0,1] and labels (N), expressions in turns
//   peers_material infer MODEL FACES BATCH FILE       logits of the first batch in inference
//   peers_material train MODEL FACES BATCH FILE       the same; losses of three training steps on a batch each;
//                                                     gradient/<parameter> of the first step
//
// Training is without dropout, whose draws are each library's own, and with Adam at a rate of 0.0001, where three steps
// do not yet lead far apart.
#include "mien/core/error.hpp"
#include "mien/core/rng.hpp"
#include "mien/emotion/generated_faces.hpp"
#include "mien/emotion/labels.hpp"
#include "mien/io/safetensors.hpp"
#include "mien/nn/fold.hpp"
#include "mien/nn/layers.hpp"
#include "mien/nn/model_file.hpp"
#include "mien/nn/networks.hpp"
#include "mien/nn/optimizer.hpp"
#include "mien/ops/softmax.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <numeric>
#include <string>
#include <vector>

namespace {

using namespace mien;

constexpr int steps = 3;
constexpr double learning_rate = 1e-4;

Safetensors faces(std::int64_t count) {
  Tensor x({count, 48, 48, 1}), labels({count}, DType::i32);
  auto* to = x.view<float>().data();
  for (std::int64_t i = 0; i < count; ++i) {
    const auto label = static_cast<std::int32_t>(i % 7);
    const Image face = draw_face(static_cast<std::size_t>(label), 1, static_cast<std::uint32_t>(i / 7));
    to = std::ranges::transform(face.pixels, to, [](std::uint8_t byte) { return static_cast<float>(byte) / 255; }).out;
    labels.view<std::int32_t>()[static_cast<std::size_t>(i)] = label;
  }
  Safetensors file;
  file.tensors.emplace_back("x", std::move(x));
  file.tensors.emplace_back("labels", std::move(labels));
  return file;
}

/// Values as a training leaves them, so that a contender cannot leave out a bias, a scale or a statistic unnoticed.
void draw_parameters(Model& model) {
  std::uint32_t index = 0;
  for (auto& parameter : model.parameters()) {
    Rng rng(1, Purpose::weights, 0, index++);
    const std::string_view name = parameter.name;
    const auto& shape = parameter.value.shape();
    const auto fan_in = static_cast<double>(shape.size() / shape[shape.rank() - 1]);
    const auto limit = static_cast<float>(std::sqrt(6 / fan_in)); // as He draws before rectifiers
    const bool scales = name.ends_with("gamma") || name.ends_with("moving_variance");
    for (float& value : parameter.value.view<float>())
      value = shape.rank() > 1 ? rng.uniform(-limit, limit)
              : scales         ? rng.uniform(0.5f, 1.5f)
                               : rng.uniform(-0.1f, 0.1f);
  }
}

void write_model(const std::string& net, const std::string& path) {
  const Preprocessing preprocessing;
  Model model = network_named(net);
  draw_parameters(model);
  save_model(path, {.model = std::move(model),
                    .preprocessing = preprocessing,
                    .labels = expression_classes(),
                    .provenance = {},
                    .golden_face = draw_face(0, 1, 0)});
}

/// The same network whose dropout drops nothing.
Model without_dropout(const Model& model) {
  std::vector<LayerSpec> layers;
  for (const auto& node : model.nodes()) {
    std::vector<std::string> inputs;
    for (const auto input : node.inputs)
      if (input > 0) inputs.push_back(model.nodes()[input - 1].name);
    layers.emplace_back(node.layer->type() == "Dropout" ? dropout({.rate = 0}) : node.layer, node.name, inputs);
  }
  return {model.input_shape(), layers, {model.parameters().begin(), model.parameters().end()}};
}

Tensor copied(View<const float> values) {
  Tensor tensor(values.shape());
  std::ranges::copy(values, tensor.view<float>().begin());
  return tensor;
}

Tensor logits_of(const Model& model, std::span<const float> x, std::int64_t batch) {
  const Model folded = fold_batch_normalization(model);
  Workspace workspace(Plan(folded, {.batch = batch}));
  std::ranges::copy(x.first(workspace.input(batch).size()), workspace.input(batch).begin());
  return copied(workspace.forward(folded, batch));
}

/// Trains a few steps; adds the losses, and the gradients of the first step, to the file.
void add_training(Safetensors& file, Model model, std::span<const float> x, std::span<const std::int32_t> labels) {
  const auto batch = static_cast<std::int64_t>(labels.size() / steps);
  Workspace workspace(Plan(model, {.batch = batch, .training = true}));
  Optimizer optimizer(model, {.kind = OptimizerKind::adam});
  std::vector<std::uint32_t> samples(static_cast<std::size_t>(batch));
  std::iota(samples.begin(), samples.end(), 0u);
  const Draws draws{.samples = samples};
  const double scale = 1.0 / static_cast<double>(batch);
  Tensor losses({steps});
  for (std::size_t step = 0; step < steps; ++step) {
    const auto input = workspace.input(batch);
    std::ranges::copy(x.subspan(step * input.size(), input.size()), input.begin());
    workspace.zero_gradients();
    const auto logits = workspace.forward(model, batch, draws);
    const double loss = softmax_cross_entropy(workspace.output_gradient(batch), logits,
                                              labels.subspan(step * samples.size(), samples.size()), scale);
    losses.view<float>()[step] = static_cast<float>(loss * scale);
    workspace.backward(model, batch, draws);
    for (std::size_t i = 0; step == 0 && i < model.parameters().size(); ++i)
      if (model.parameters()[i].role == ParameterRole::trained)
        file.tensors.emplace_back("gradient/" + model.parameters()[i].name, copied(workspace.gradients()[i]));
    optimizer.step(model, workspace.gradients(), learning_rate, 1);
  }
  file.tensors.emplace_back("losses", std::move(losses));
}

Safetensors expected(const std::string& path, const Safetensors& inputs, std::int64_t batch, bool train) {
  const Tensor* x = inputs.find("x");
  const Tensor* labels = inputs.find("labels");
  const std::int64_t wanted = train ? steps * batch : batch;
  if (x == nullptr || labels == nullptr || labels->shape()[0] < wanted)
    throw Error(concat("the faces are fewer than the ", wanted, " that are needed; draw more"));
  const Model model = without_dropout(load_model(path).model);
  Safetensors file;
  file.tensors.emplace_back("logits", logits_of(model, x->view<float>().span(), batch));
  if (train)
    add_training(file, model, x->view<float>().span(),
                 labels->view<std::int32_t>().span().first(static_cast<std::size_t>(wanted)));
  return file;
}

} // namespace

int main(int argc, char** argv) try {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() == 3 && arguments[0] == "model")
    write_model(arguments[1], arguments[2]);
  else if (arguments.size() == 3 && arguments[0] == "faces")
    write_safetensors(arguments[2], faces(std::stol(arguments[1])));
  else if (arguments.size() == 5 && (arguments[0] == "infer" || arguments[0] == "train"))
    write_safetensors(arguments[4], expected(arguments[1], read_safetensors(arguments[2]), std::stol(arguments[3]),
                                             arguments[0] == "train"));
  else
    throw Error("usage: peers_material model NET FILE | faces COUNT FILE | infer MODEL FACES BATCH FILE | train MODEL "
                "FACES BATCH FILE");
} catch (const std::exception& error) {
  std::cerr << "error: " << error.what() << '\n';
  return 1;
}
