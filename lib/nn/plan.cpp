// SPDX-License-Identifier: Apache-2.0
#include "mien/nn/plan.hpp"

#include "lib/nn/arena.hpp"
#include "mien/core/error.hpp"

#include <algorithm>
#include <set>

namespace mien {
namespace {

/// Which value's memory a node's output lies in: its own, or its input's where it is only a view.
std::vector<std::size_t> owners(const Model& model, bool training) {
  std::vector<std::size_t> owner{0};
  for (const auto& node : model.nodes()) {
    owner.push_back(node.layer->is_view(training) ? owner[node.inputs[0]] : owner.size());
  }
  return owner;
}

/// Time 0 writes the model's input, time i + 1 runs node i. In training everything is still read on the way back.
std::vector<Lifetime> activation_lifetimes(const Model& model, const std::vector<std::size_t>& owner,
                                           const PlanOptions& options) {
  const auto nodes = model.nodes();
  std::vector<Lifetime> lifetimes(nodes.size() + 1);
  const auto end = nodes.size();
  for (std::size_t value = 0; value < lifetimes.size(); ++value) {
    if (owner[value] != value) continue;
    const auto& shape = value == 0 ? model.input_shape() : nodes[value - 1].output;
    const auto floats = static_cast<std::size_t>(shape.batched(options.batch).size());
    lifetimes[value] = {.floats = floats, .first = value, .last = options.training ? end : value};
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const auto input : nodes[i].inputs) {
      auto& last = lifetimes[owner[input]].last;
      last = std::max(last, i + 1);
    }
  }
  lifetimes[owner[end]].last = end; // the caller reads the output after the last step
  return lifetimes;
}

/// On the way back time 0 writes the derivative by the output, time n - i runs node i.
std::vector<Lifetime> gradient_lifetimes(const Model& model, const std::vector<Lifetime>& activations,
                                         const std::vector<std::size_t>& owner) {
  const auto n = model.nodes().size();
  auto lifetimes = activations;
  if (owner[n] != 0) lifetimes[0].floats = 0; // nobody asks for the derivative by the pictures
  for (std::size_t value = 1; value <= n; ++value) lifetimes[value] = {lifetimes[value].floats, n, n - value + 1};
  lifetimes[owner[n]].first = 0;
  for (std::size_t i = 0; i < n; ++i) {
    for (const auto input : model.nodes()[i].inputs) {
      auto& first = lifetimes[owner[input]].first;
      first = std::min(first, n - i);
    }
  }
  return lifetimes;
}

bool is_trained(const PlanOptions& options, std::size_t node) {
  return options.training && (options.frozen.empty() || !options.frozen[node]);
}

/// Which values something that is trained stands before: the loss's derivative by them is needed.
std::vector<bool> wanted_gradients(const Model& model, const PlanOptions& options) {
  std::vector<bool> wanted{false}; // nobody asks for the derivative by the pictures
  for (const auto& node : model.nodes()) {
    bool wants = node.parameter_count > 0 && is_trained(options, wanted.size() - 1);
    for (const auto input : node.inputs) wants = wants || wanted[input];
    wanted.push_back(wants);
  }
  return wanted;
}

} // namespace

Plan::Plan(const Model& model, const PlanOptions& options) : options_(options) {
  if (options.batch < 1) throw Error(concat("plan: the batch is ", options.batch, ", it must be at least 1"));
  const auto nodes = model.nodes();
  if (!options.frozen.empty() && options.frozen.size() != nodes.size())
    throw Error(concat("plan: frozen names ", options.frozen.size(), " layers, the model has ", nodes.size()));
  const auto owner = owners(model, options.training);
  const auto lifetimes = activation_lifetimes(model, owner, options);
  const auto activations = lay_out(lifetimes);
  activation_floats_ = activations.floats;
  Arena gradients{.offsets = std::vector<std::size_t>(lifetimes.size(), 0)};
  if (options.training) gradients = lay_out(gradient_lifetimes(model, lifetimes, owner));
  gradient_floats_ = gradients.floats;

  const auto wanted = wanted_gradients(model, options);
  const auto place = [&](std::size_t value) {
    return Value{.shape = value == 0 ? model.input_shape() : nodes[value - 1].output,
                 .activation = activations.offsets[owner[value]],
                 .gradient = gradients.offsets[owner[value]],
                 .wants_gradient = wanted[value]};
  };
  input_ = place(0);
  output_ = place(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].layer->is_view(options.training)) continue;
    Step step{.node = i, .inputs = {}, .output = place(i + 1)};
    std::vector<Shape> shapes;
    for (const auto input : nodes[i].inputs) {
      step.inputs.push_back(place(input));
      shapes.push_back(step.inputs.back().shape.batched(options.batch));
    }
    const auto scratch = nodes[i].layer->scratch(shapes, options.training);
    scratch_.shared = std::max(scratch_.shared, scratch.shared);
    scratch_.per_worker = std::max(scratch_.per_worker, scratch.per_worker);
    step.trained = is_trained(options, i);
    step.goes_back = wanted[i + 1];
    step.kept = kept_floats_;
    step.kept_floats = options.training ? nodes[i].layer->kept(model.input_shapes(nodes[i])) : 0;
    kept_floats_ += step.kept_floats;
    steps_.push_back(std::move(step));
  }
  mark_additions();
  for (const auto& parameter : model.parameters()) parameter_shapes_.push_back(parameter.value.shape());
}

void Plan::mark_additions() {
  std::set<std::size_t> written; // by place: two values that share one now do not share it at the same time
  for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
    written.erase(step->output.gradient);
    std::size_t spare = 0; // a place each: a layer may write them all before the first is added
    for (auto& input : step->inputs) {
      if (!input.wants_gradient) continue;
      input.adds = !written.insert(input.gradient).second;
      if (!input.adds) continue;
      input.spare = spare;
      spare += padded(static_cast<std::size_t>(input.shape.batched(options_.batch).size()));
    }
    spare_floats_ = std::max(spare_floats_, spare);
  }
}

} // namespace mien
