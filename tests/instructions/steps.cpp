// SPDX-License-Identifier: Apache-2.0
// One training step and one inference of the field's network, for count.py to count under callgrind: `steps
// train|infer`.
#include "mien/kernels.hpp"
#include "mien/nn/fold.hpp"
#include "mien/nn/networks.hpp"
#include "mien/nn/optimizer.hpp"
#include "mien/nn/workspace.hpp"
#include "mien/ops/softmax.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string_view>

namespace {

using namespace mien;

constexpr int skipped = 77;
constexpr std::int64_t batch = 2;

void fill(View<float> input) {
  Rng rng(1, Purpose::test);
  std::ranges::generate(input, [&] { return rng.uniform(0, 1); });
}

/// Forward, loss, backward and Adam on the first `n` pictures.
void step(Model& model, Workspace& workspace, Optimizer& optimizer, std::int64_t n) {
  static constexpr std::array<std::uint32_t, batch> samples{0, 1};
  static constexpr std::array<std::int32_t, batch> labels{3, 5};
  const auto count = static_cast<std::size_t>(n);
  const Draws draws{.seed = 1, .epoch = 0, .samples = std::span(samples).first(count)};
  workspace.zero_gradients();
  const auto logits = workspace.forward(model, n, draws);
  softmax_cross_entropy(workspace.output_gradient(n), logits, std::span(labels).first(count),
                        1.0 / static_cast<double>(n));
  workspace.backward(model, n, draws);
  optimizer.step(model, workspace.gradients(), 1e-3, 1);
}

} // namespace

// Callgrind finds these by their names, and counts while they run.
extern "C" {

[[gnu::noinline]] void counted_train(Model& model, Workspace& workspace, Optimizer& optimizer) {
  step(model, workspace, optimizer, batch);
}

[[gnu::noinline]] void counted_infer(const Model& model, Workspace& workspace) {
  static_cast<void>(workspace.forward(model, 1));
}
}

namespace {

// What is done once is done before counting. One picture is enough for that: callgrind takes half a minute for two.

void train() {
  Model model = seed_network(7);
  Workspace workspace(Plan(model, {.batch = batch, .training = true}));
  Optimizer optimizer(model, {.kind = OptimizerKind::adam});
  fill(workspace.input(batch));
  step(model, workspace, optimizer, 1);
  fill(workspace.input(batch));
  counted_train(model, workspace, optimizer);
}

void infer() {
  const Model model = fold_batch_normalization(seed_network(7));
  const Plan plan(model, {.batch = 1, .constant = true}); // as a Classifier runs it
  Workspace workspace(plan, 1, std::make_shared<const PackedParameters>(pack_parameters(model, plan, 1)));
  fill(workspace.input(1));
  static_cast<void>(workspace.forward(model, 1));
  fill(workspace.input(1));
  counted_infer(model, workspace);
}

} // namespace

int main(int argc, char** argv) {
  const auto avx2 = std::ranges::find(kernel_sets(), "avx2", &KernelSet::name);
  if (avx2 == kernel_sets().end() || !avx2->supported()) {
    std::puts("SKIPPED: this processor has no AVX2");
    return skipped;
  }
  use_kernels("avx2");
  const std::string_view task = argc == 2 ? argv[1] : "";
  if (task == "train") {
    train();
  } else if (task == "infer") {
    infer();
  } else {
    std::fputs("usage: steps train|infer\n", stderr);
    return 2;
  }
  return 0;
}
