// SPDX-License-Identifier: Apache-2.0
// Each convolution of the field's network, forward and both ways back, at batch 32: where a training step's time goes.
// And batch normalisation with a rectifier at the shapes of vgg8, batch 64, beside one plain pass over the same memory.
//
//   build/bench/benchmarks/bench_layers --benchmark_repetitions=9 --benchmark_report_aggregates_only=true
#include "mien/core/rng.hpp"
#include "mien/ops/batch_norm.hpp"
#include "mien/ops/conv2d.hpp"
#include "mien/ops/relu.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <vector>

namespace {

using namespace mien;

struct Convolution {
  Shape x, w, y;
  Tensor x_data, w_data, y_data, b_data;
  std::vector<float> scratch;
  int threads;

  /// state: side and channels of the picture, filters, threads
  explicit Convolution(const benchmark::State& state)
      : x{32, state.range(0), state.range(0), state.range(1)}, w{3, 3, state.range(1), state.range(2)},
        y{32, state.range(0) - 2, state.range(0) - 2, state.range(2)}, x_data(x), w_data(w), y_data(y),
        b_data(Shape{state.range(2)}), threads(static_cast<int>(state.range(3))) {
    scratch.resize(conv2d_scratch(x, w, {}).floats(threads));
    Rng rng(1, Purpose::test);
    for (auto* tensor : {&x_data, &w_data, &y_data}) {
      std::ranges::generate(tensor->view<float>(), [&] { return rng.uniform(-1, 1); });
    }
  }

  void report(benchmark::State& state) const {
    const double flop = 2.0 * static_cast<double>(y.size() * w[0] * w[1] * w[2]);
    state.counters["GFLOP/s"] =
        benchmark::Counter(flop * 1e-9 * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
  }
};

void conv_forward(benchmark::State& state) {
  Convolution c(state);
  for (auto _ : state) conv2d_forward(c.y_data, c.x_data, c.w_data, c.b_data, {.relu = true}, c.scratch, c.threads);
  c.report(state);
}

void conv_backward_data(benchmark::State& state) {
  Convolution c(state);
  for (auto _ : state) {
    conv2d_backward({.dx = c.x_data}, c.y_data, c.x_data, c.y_data, c.w_data, {}, c.scratch, c.threads);
  }
  c.report(state);
}

void conv_backward_filter(benchmark::State& state) {
  Convolution c(state);
  for (auto _ : state) {
    conv2d_backward({.dw = c.w_data, .db = c.b_data}, c.y_data, c.x_data, c.y_data, c.w_data, {}, c.scratch, c.threads);
  }
  c.report(state);
}

void shapes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"side", "C", "K", "threads"})->UseRealTime()->Unit(benchmark::kMillisecond);
  for (const int threads : {1, 2}) {
    b->Args({48, 1, 32, threads})
        ->Args({46, 32, 64, threads})
        ->Args({22, 64, 128, threads})
        ->Args({10, 128, 256, threads});
  }
}

BENCHMARK(conv_forward)->Apply(shapes);
BENCHMARK(conv_backward_data)->Apply(shapes);
BENCHMARK(conv_backward_filter)->Apply(shapes);

struct Normalisation {
  Shape x, channels;
  Tensor x_data, y_data, dy_data, mean, variance, gamma, beta, dgamma, dbeta;
  std::vector<float> scratch;
  BatchNormOptions options{.relu = true};
  int threads;

  /// state: side and channels of the picture, threads
  explicit Normalisation(const benchmark::State& state)
      : x{64, state.range(0), state.range(0), state.range(1)}, channels{state.range(1)}, x_data(x), y_data(x),
        dy_data(x), mean(channels), variance(channels), gamma(channels), beta(channels), dgamma(channels),
        dbeta(channels), threads(static_cast<int>(state.range(2))) {
    scratch.resize(batch_norm_scratch(x).floats(threads));
    Rng rng(1, Purpose::test);
    for (auto* tensor : {&x_data, &dy_data, &gamma, &beta}) {
      std::ranges::generate(tensor->view<float>(), [&] { return rng.uniform(-1, 1); });
    }
    forward();
  }
  void forward() {
    batch_norm_statistics(mean, variance, x_data, scratch, threads);
    batch_norm_forward(y_data, x_data, mean, variance, gamma, beta, options, scratch, threads);
  }
};

void norm_forward(benchmark::State& state) {
  Normalisation n(state);
  for (auto _ : state) n.forward();
}

void norm_backward(benchmark::State& state) {
  Normalisation n(state);
  for (auto _ : state) {
    batch_norm_backward(n.dy_data, n.dgamma, n.dbeta, n.y_data, n.x_data, n.dy_data, n.mean, n.variance, n.gamma,
                        n.options, NormStatistics::of_batch, n.scratch, n.threads);
  }
}

/// One pass: read, rectify, write.
void one_pass_forward(benchmark::State& state) {
  Normalisation n(state);
  for (auto _ : state) relu_forward(n.y_data, n.x_data, n.threads);
}

/// One pass: read two, write one.
void one_pass_backward(benchmark::State& state) {
  Normalisation n(state);
  for (auto _ : state) relu_backward(n.dy_data, n.y_data, n.dy_data, n.threads);
}

void norm_shapes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"side", "C", "threads"})->UseRealTime()->Unit(benchmark::kMillisecond);
  b->Args({48, 32, 2})->Args({24, 64, 2})->Args({12, 128, 2})->Args({6, 256, 2});
}

BENCHMARK(norm_forward)->Apply(norm_shapes);
BENCHMARK(one_pass_forward)->Apply(norm_shapes);
BENCHMARK(norm_backward)->Apply(norm_shapes);
BENCHMARK(one_pass_backward)->Apply(norm_shapes);

} // namespace

BENCHMARK_MAIN();
