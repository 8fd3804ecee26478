// SPDX-License-Identifier: Apache-2.0
#include "mien/nn/workspace.hpp"

#include "lib/nn/arena.hpp"
#include "lib/ops/pieces.hpp"
#include "mien/core/error.hpp"
#include "mien/kernels.hpp"

#include <algorithm>
#include <chrono>

namespace mien {
namespace {

/// Every parameter's gradient begins on a cache line.
std::size_t padded_size(const Shape& shape) { return padded(static_cast<std::size_t>(shape.size())); }

Tensor floats(std::size_t n) { return Tensor(Shape{static_cast<std::int64_t>(n)}); }

View<float> batch_of(Tensor& memory, std::size_t offset, const Shape& shape, std::int64_t n) {
  return {memory.view<float>().data() + offset, shape.batched(n)};
}

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

} // namespace

Workspace::Workspace(Plan plan, int threads) : Workspace(std::move(plan), threads, nullptr) {}

Workspace::Workspace(Plan plan, int threads, std::shared_ptr<const PackedParameters> packed)
    : plan_(std::move(plan)), threads_(threads), activations_(floats(plan_.activation_floats())),
      activation_gradients_(floats(plan_.gradient_floats())), spare_(floats(plan_.spare_floats())),
      kept_(floats(plan_.kept_floats())), shared_packed_(std::move(packed)) {
  if (threads < 1) throw Error(concat("workspace: ", threads, " threads asked for, at least 1 is needed"));
  scratch_ = floats(plan_.scratch().floats(threads));
  if (plan_.options().constant != (shared_packed_ != nullptr))
    throw Error(
        "workspace: packed parameters belong to a plan for constant ones, and to no other; see pack_parameters");
  if (shared_packed_ == nullptr) {
    packed_ = floats(plan_.packed_floats());
  } else if (shared_packed_->values.bytes().size() != plan_.packed_floats() * sizeof(float) ||
             shared_packed_->kernels != plan_.kernels()) {
    throw Error(concat("workspace: the packed parameters were made for another plan, on the kernels ",
                       shared_packed_->kernels, "; see pack_parameters"));
  }
  std::size_t operands = 1, nodes = 0;
  for (const auto& step : plan_.steps()) {
    operands = std::max(operands, step.inputs.size());
    nodes = step.node + 1;
  }
  times_.resize(nodes);
  x_.reserve(operands);
  shapes_.reserve(operands);
  dx_.reserve(operands);
  parameters_.reserve(plan_.parameter_shapes().size());
  if (!plan_.options().training) return;
  std::size_t total = 0;
  for (const auto& shape : plan_.parameter_shapes()) total += padded_size(shape);
  parameter_gradients_ = floats(total);
  float* at = parameter_gradients_.view<float>().data();
  for (const auto& shape : plan_.parameter_shapes()) {
    gradient_views_.emplace_back(at, shape);
    at += padded_size(shape);
  }
}

void Workspace::expect(const Model& model, std::int64_t n) const {
  if (n < 1 || n > plan_.options().batch) {
    throw Error(concat("workspace: ", n, " pictures asked for, it was planned for 1 to ", plan_.options().batch));
  }
  const bool fits = model.input_shape() == plan_.input().shape && model.output_shape() == plan_.output().shape &&
                    std::ranges::equal(model.parameters(), plan_.parameter_shapes(), {},
                                       [](const Parameter& p) { return p.value.shape(); });
  if (!fits) throw Error("workspace: it was planned for another network; make a Plan for this model");
  if (plan_.kernels() != kernels().name)
    throw Error(concat("workspace: it was planned for the kernels ", plan_.kernels(), ", in use are ", kernels().name,
                       "; make a Plan for these"));
}

View<float> Workspace::input(std::int64_t n) {
  return batch_of(activations_, plan_.input().activation, plan_.input().shape, n);
}

void Workspace::bind(const Model& model, const Plan::Step& step, std::int64_t n) {
  x_.clear();
  for (const auto& input : step.inputs) x_.push_back(batch_of(activations_, input.activation, input.shape, n));
  parameters_.clear();
  const auto& node = model.nodes()[step.node];
  for (const auto& parameter : model.parameters().subspan(node.first_parameter, node.parameter_count)) {
    parameters_.push_back(parameter.value);
  }
}

std::span<const View<float>> Workspace::gradients_of(const Model::Node& node) const {
  return std::span(gradient_views_).subspan(node.first_parameter, node.parameter_count);
}

/// Little work is done sooner by one worker than shared out: what others have to fetch from its cache, and it from
/// theirs, takes ten microseconds and more where they do not share one. No bit depends on it.
int Workspace::workers(const Plan::Step& step, std::int64_t n) const {
  constexpr double worth_a_worker = 8e6; // operations: some 80 microseconds
  const double most = 1 + (step.work * static_cast<double>(n) + step.fixed_work) / worth_a_worker;
  return static_cast<int>(std::min<double>(threads_, most));
}

/// The step's operands are bound.
std::span<const float> Workspace::packed_of(const Plan::Step& step) {
  if (shared_packed_ != nullptr)
    return shared_packed_->values.view<float>().span().subspan(step.packed, step.packed_floats);
  const auto to = packed_.view<float>().span().subspan(step.packed, step.packed_floats);
  shapes_.clear();
  for (const auto& x : x_) shapes_.push_back(x.shape());
  if (!to.empty()) step.layer->pack(to, parameters_, shapes_, threads_);
  return to;
}

View<const float> Workspace::forward(const Model& model, std::int64_t n, const Draws& draws) {
  expect(model, n);
  for (const auto& step : plan_.steps()) {
    const auto start = now();
    bind(model, step, n);
    const auto& node = model.nodes()[step.node];
    step.layer->forward({.x = x_,
                         .y = batch_of(activations_, step.output.activation, step.output.shape, n),
                         .parameters = parameters_,
                         .gradients = step.trained ? gradients_of(node) : std::span<const View<float>>(),
                         .scratch = scratch_.view<float>().span(),
                         .kept = kept_.view<float>().span().subspan(step.kept, step.kept_floats),
                         .packed = packed_of(step),
                         .draws = draws,
                         .layer_index = static_cast<std::uint32_t>(step.node),
                         .threads = workers(step, n),
                         .training = step.trained});
    times_[step.node].forward += now() - start;
    ++times_[step.node].forwards;
  }
  return batch_of(activations_, plan_.output().activation, plan_.output().shape, n);
}

View<float> Workspace::output_gradient(std::int64_t n) {
  if (!plan_.options().training) throw Error("workspace: it was planned for inference; set PlanOptions::training");
  return batch_of(activation_gradients_, plan_.output().gradient, plan_.output().shape, n);
}

void Workspace::backward(const Model& model, std::int64_t n, const Draws& draws) {
  expect(model, n);
  if (!plan_.options().training) throw Error("workspace: it was planned for inference; set PlanOptions::training");
  const auto steps = plan_.steps();
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    if (!step->goes_back) continue;
    const auto start = now();
    bind(model, *step, n);
    dx_.clear();
    for (const auto& input : step->inputs) {
      auto& memory = input.adds ? spare_ : activation_gradients_;
      const auto place = batch_of(memory, input.adds ? input.spare : input.gradient, input.shape, n);
      dx_.push_back(input.wants_gradient ? place : View<float>(nullptr, place.shape()));
    }
    const auto& node = model.nodes()[step->node];
    step->layer->backward({.x = x_,
                           .y = batch_of(activations_, step->output.activation, step->output.shape, n),
                           .dy = batch_of(activation_gradients_, step->output.gradient, step->output.shape, n),
                           .dx = dx_,
                           .parameters = parameters_,
                           .gradients = gradients_of(node),
                           .scratch = scratch_.view<float>().span(),
                           .kept = kept_.view<float>().span().subspan(step->kept, step->kept_floats),
                           .draws = draws,
                           .layer_index = static_cast<std::uint32_t>(step->node),
                           .threads = workers(*step, n),
                           .training = step->trained});
    for (const auto& input : step->inputs) {
      if (!input.adds) continue;
      auto sum = batch_of(activation_gradients_, input.gradient, input.shape, n);
      std::ranges::transform(sum, batch_of(spare_, input.spare, input.shape, n), sum.begin(), std::plus<>());
    }
    times_[step->node].backward += now() - start;
    ++times_[step->node].backwards;
  }
}

View<const float> Workspace::input_gradient(std::int64_t n) {
  if (!plan_.options().training || !plan_.options().input_gradient)
    throw Error("workspace: it was not planned for the derivative by the input; set PlanOptions::training and "
                "input_gradient");
  return batch_of(activation_gradients_, plan_.input().gradient, plan_.input().shape, n);
}

void Workspace::zero_gradients() {
  for (const auto& gradient : gradient_views_) {
    in_pieces(gradient.shape().size(), elements_a_piece, threads_, [&](std::int64_t begin, std::int64_t end) {
      std::fill(gradient.begin() + begin, gradient.begin() + end, 0.0f);
    });
  }
}

std::size_t Workspace::bytes() const noexcept {
  std::size_t sum = 0;
  for (const auto* tensor :
       {&activations_, &activation_gradients_, &parameter_gradients_, &scratch_, &spare_, &kept_, &packed_}) {
    sum += tensor->bytes().size();
  }
  return sum;
}

} // namespace mien
