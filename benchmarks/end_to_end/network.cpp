// SPDX-License-Identifier: Apache-2.0
// Whole networks: training steps and inference, pictures a second.
//
//   build/bench/benchmarks/bench_network --benchmark_repetitions=9 --benchmark_report_aggregates_only=true
#include "mien/data/augment.hpp"
#include "mien/kernels.hpp"
#include "mien/nn/flop.hpp"
#include "mien/nn/fold.hpp"
#include "mien/nn/networks.hpp"
#include "mien/nn/optimizer.hpp"
#include "mien/nn/workspace.hpp"
#include "mien/ops/fma_peak.hpp"
#include "mien/ops/parallel.hpp"
#include "mien/ops/softmax.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <vector>

namespace {

using namespace mien;

std::vector<std::uint8_t> random_faces(std::int64_t n) {
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(n) * 48 * 48);
  Rng rng(1, Purpose::test);
  std::ranges::generate(pixels, [&] { return static_cast<std::uint8_t>(rng.bits()); });
  return pixels;
}

/// Measured once a thread count, in the same run as what is compared with it.
double peak(int threads) {
  static std::map<int, double> measured;
  if (!measured.contains(threads)) measured[threads] = measured_fma_peak(threads);
  return measured[threads];
}

void report(benchmark::State& state, std::int64_t pictures, double flop) {
  const auto count = static_cast<double>(state.iterations() * pictures);
  const auto threads = static_cast<int>(state.range(1));
  state.counters["of peak"] = benchmark::Counter(count * flop * 1e-9 / peak(threads), benchmark::Counter::kIsRate);
  state.counters["images/s"] = benchmark::Counter(count, benchmark::Counter::kIsRate);
  state.counters["GFLOP/s"] = benchmark::Counter(count * flop * 1e-9, benchmark::Counter::kIsRate);
  state.SetLabel(std::string(kernels().name));
}

/// Forward, loss, backward and the optimiser's step; with augmentation of every picture if the third argument says so.
void train(benchmark::State& state, const char* net, OptimizerKind kind) {
  const auto batch = state.range(0);
  const auto threads = static_cast<int>(state.range(1));
  Model model = network_named(net);
  Workspace workspace(Plan(model, {.batch = batch, .training = true}), threads);
  Optimizer optimizer(model, {.kind = kind});
  const auto faces = random_faces(batch);
  const Preprocessing preprocessing;
  const Augmentation augmentation{.rotation_degrees = 10, .zoom = 0.1f, .flip = true};
  std::vector<std::uint32_t> samples(static_cast<std::size_t>(batch));
  std::iota(samples.begin(), samples.end(), 0u);
  std::vector<std::int32_t> labels(samples.begin(), samples.end());
  for (auto& label : labels) label %= 7;
  std::uint32_t epoch = 0;
  for (auto _ : state) {
    const Draws draws{.seed = 1, .epoch = epoch++, .samples = samples};
    const auto input = workspace.input(batch);
    if (state.range(2) != 0) {
      parallel_for(threads, static_cast<int>(batch), [&](int n, int) {
        augment(input.span().subspan(static_cast<std::size_t>(n) * 2304, 2304),
                std::span(faces).subspan(static_cast<std::size_t>(n) * 2304, 2304), preprocessing, augmentation,
                Rng(1, Purpose::augment, epoch, static_cast<std::uint32_t>(n)));
      });
    } else {
      to_input_floats(input.span(), faces, preprocessing);
    }
    workspace.zero_gradients();
    const auto logits = workspace.forward(model, batch, draws);
    benchmark::DoNotOptimize(
        softmax_cross_entropy(workspace.output_gradient(batch), logits, labels, 1.0 / static_cast<double>(batch)));
    workspace.backward(model, batch, draws);
    optimizer.step(model, workspace.gradients(), 1e-3, threads);
  }
  report(state, batch, flop_of(model).training());
  state.counters["workspace MB"] = static_cast<double>(workspace.bytes()) / 1e6;
}

/// As a Classifier runs it: batch normalisations are folded.
void infer(benchmark::State& state, const char* net) {
  const auto batch = state.range(0);
  const Model model = fold_batch_normalization(network_named(net));
  Workspace workspace(Plan(model, {.batch = batch}), static_cast<int>(state.range(1)));
  to_input_floats(workspace.input(batch).span(), random_faces(batch), Preprocessing{});
  const std::vector<float> pictures(workspace.input(batch).begin(), workspace.input(batch).end());
  for (auto _ : state) {
    std::ranges::copy(pictures, workspace.input(batch).begin());
    benchmark::DoNotOptimize(workspace.forward(model, batch).data());
  }
  report(state, batch, flop_of(model).forward);
}

void training_shapes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"batch", "threads", "augment"})->UseRealTime()->Unit(benchmark::kMillisecond);
}

void inference_shapes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"batch", "threads"})->UseRealTime()->Unit(benchmark::kMillisecond);
  b->Args({1, 1})->Args({1, 2})->Args({32, 2});
}

BENCHMARK_CAPTURE(train, seed, "seed", OptimizerKind::adam)
    ->Apply(training_shapes)
    ->Args({32, 2, 0})
    ->Args({32, 2, 1})
    ->Args({32, 1, 0})
    ->Args({128, 2, 0});
BENCHMARK_CAPTURE(train, vgg8, "vgg8", OptimizerKind::sgd)->Apply(training_shapes)->Args({64, 2, 0})->Args({64, 1, 0});
BENCHMARK_CAPTURE(infer, seed, "seed")->Apply(inference_shapes);
BENCHMARK_CAPTURE(infer, vgg8, "vgg8")->Apply(inference_shapes);

} // namespace

BENCHMARK_MAIN();
