// SPDX-License-Identifier: Apache-2.0
#include "mien/nn/plan.hpp"

#include "lib/nn/arena.hpp"
#include "lib/nn/fusion.hpp"
#include "mien/core/error.hpp"
#include "mien/kernels.hpp"
#include "mien/nn/flop.hpp"

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

/// Time 0 writes the model's input, time i + 1 takes run i. In training everything is still read on the way back.
/// Values that are passed on within a run need no memory.
std::vector<Lifetime> activation_lifetimes(const Model& model, const std::vector<Run>& runs,
                                           const std::vector<std::size_t>& owner, const PlanOptions& options) {
  const auto nodes = model.nodes();
  const auto end = runs.size();
  std::vector<Lifetime> lifetimes(nodes.size() + 1);
  const auto begin = [&](std::size_t value, const Shape& shape, std::size_t time) {
    const auto floats = static_cast<std::size_t>(shape.batched(options.batch).size());
    lifetimes[value] = {.floats = floats, .first = time, .last = options.training ? end : time};
  };
  begin(0, model.input_shape(), 0);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    begin(runs[i].last + 1, nodes[runs[i].last].output, i + 1);
    for (const auto input : nodes[runs[i].first].inputs) {
      auto& last = lifetimes[owner[input]].last;
      last = std::max(last, i + 1);
    }
  }
  lifetimes[owner[nodes.size()]].last = end; // the caller reads the output after the last step
  return lifetimes;
}

/// On the way back time 0 writes the derivative by the output, time n - i takes run i of n.
std::vector<Lifetime> gradient_lifetimes(const Model& model, const std::vector<Run>& runs,
                                         const std::vector<Lifetime>& activations,
                                         const std::vector<std::size_t>& owner, bool to_input) {
  const auto n = runs.size();
  const auto output = owner[model.nodes().size()];
  auto lifetimes = activations;
  lifetimes[0] = {output == 0 || to_input ? lifetimes[0].floats : 0, n, n};
  for (std::size_t i = 0; i < n; ++i) {
    const auto value = runs[i].last + 1;
    lifetimes[value] = {lifetimes[value].floats, n, n - i};
  }
  lifetimes[output].first = 0;
  for (std::size_t i = 0; i < n; ++i) {
    for (const auto input : model.nodes()[runs[i].first].inputs) {
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
  std::vector<bool> wanted{options.training && options.input_gradient};
  for (const auto& node : model.nodes()) {
    bool wants = node.parameter_count > 0 && is_trained(options, wanted.size() - 1);
    for (const auto input : node.inputs) wants = wants || wanted[input];
    wanted.push_back(wants);
  }
  return wanted;
}

} // namespace

Plan::Plan(const Model& model, const PlanOptions& options) : options_(options), kernels_(mien::kernels().name) {
  if (options.batch < 1) throw Error(concat("plan: the batch is ", options.batch, ", it must be at least 1"));
  const auto nodes = model.nodes();
  if (!options.frozen.empty() && options.frozen.size() != nodes.size())
    throw Error(concat("plan: frozen names ", options.frozen.size(), " layers, the model has ", nodes.size()));
  const auto runs = fused_runs(model, options);
  const auto owner = owners(model, options.training);
  const auto lifetimes = activation_lifetimes(model, runs, owner, options);
  const auto activations = lay_out(lifetimes);
  activation_floats_ = activations.floats;
  Arena gradients{.offsets = std::vector<std::size_t>(lifetimes.size(), 0)};
  if (options.training) gradients = lay_out(gradient_lifetimes(model, runs, lifetimes, owner, options.input_gradient));
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
  for (const auto& run : runs) {
    Step step{.layer = run.layer,
              .node = run.first,
              .last_node = run.last,
              .inputs = {},
              .output = place(run.last + 1),
              .trained = is_trained(options, run.first),
              .goes_back = wanted[run.last + 1]};
    for (const auto input : nodes[run.first].inputs) step.inputs.push_back(place(input));
    for (auto i = run.first; i <= run.last; ++i) {
      step.work += flop_of(model, nodes[i]).forward + 8 * static_cast<double>(nodes[i].output.size());
      step.fixed_work += 8 * static_cast<double>(model.parameter_count(nodes[i]));
    }
    add_step(std::move(step));
  }
  mark_additions();
  for (const auto& parameter : model.parameters()) parameter_shapes_.push_back(parameter.value.shape());
}

void Plan::add_step(Step step) {
  std::vector<Shape> shapes;
  for (const auto& input : step.inputs) shapes.push_back(input.shape.batched(options_.batch));
  const auto scratch = step.layer->scratch(shapes, options_.training);
  scratch_.shared = std::max(scratch_.shared, scratch.shared);
  scratch_.per_worker = std::max(scratch_.per_worker, scratch.per_worker);
  step.kept = kept_floats_;
  step.kept_floats = options_.training ? step.layer->kept(shapes) : 0;
  kept_floats_ += padded(step.kept_floats);
  step.packed = packed_floats_;
  step.packed_floats = step.layer->packed(shapes, options_.constant);
  packed_floats_ += padded(step.packed_floats);
  steps_.push_back(std::move(step));
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

PackedParameters pack_parameters(const Model& model, const Plan& plan, int threads) {
  PackedParameters packed{Tensor(Shape{static_cast<std::int64_t>(plan.packed_floats())}), plan.kernels()};
  for (const auto& step : plan.steps()) {
    if (step.packed_floats == 0) continue;
    std::vector<Shape> shapes;
    for (const auto& input : step.inputs) shapes.push_back(input.shape.batched(1));
    std::vector<View<const float>> parameters;
    const auto& node = model.nodes()[step.node];
    for (const auto& parameter : model.parameters().subspan(node.first_parameter, node.parameter_count))
      parameters.emplace_back(parameter.value);
    step.layer->pack(packed.values.view<float>().span().subspan(step.packed, step.packed_floats), parameters, shapes,
                     threads);
  }
  return packed;
}

} // namespace mien
