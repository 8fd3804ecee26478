// SPDX-License-Identifier: Apache-2.0
// Winograd's kernels one by one, on one thread: 24 tiles of 4x4 outputs, whose operands stay in the second-level cache
// as they do in a step. `ns/tile` is the time of a tile, `GFLOP/s` that of the products at 36 positions.
//
//   build/bench/benchmarks/bench_winograd --benchmark_repetitions=9 --benchmark_report_aggregates_only=true
#include "mien/core/rng.hpp"
#include "mien/core/tensor.hpp"
#include "mien/kernels.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace {

using namespace mien;

constexpr std::int64_t tiles = 24;

Tensor random(std::int64_t floats) {
  Tensor tensor(Shape{floats});
  Rng rng(1, Purpose::test);
  std::ranges::generate(tensor.view<float>(), [&] { return rng.uniform(-1, 1); });
  return tensor;
}

/// state: side and channels of the picture, filters; one picture, or as many as hold 24 tiles.
struct Layer {
  WinogradExtents e;
  WinogradTiles v_tiles, m_tiles;
  std::int64_t u_step;
  Tensor x, y, v, m, u, du, b;
  std::vector<std::uint8_t> winners;

  explicit Layer(const benchmark::State& state) {
    const auto side = state.range(0), c = state.range(1), k = state.range(2), out = side - 2, a_side = (out + 3) / 4;
    const auto n = (tiles + a_side * a_side - 1) / (a_side * a_side);
    e = {.conv = {.n = n, .h = side, .w = side, .c = c, .r = 3, .s = 3, .k = k, .p = out, .q = out},
         .m = 4,
         .rows = a_side,
         .columns = a_side};
    const auto odd = [](std::int64_t floats) { return ((floats + 15) / 16 | 1) * 16; }; // lines, see winograd_room.hpp
    v_tiles = {0, tiles, odd(tiles * c)};
    m_tiles = {0, tiles, odd(tiles * k)};
    u_step = odd(c * k);
    x = random(n * side * side * c), y = random(n * out * out * k), b = random(k);
    v = random(36 * v_tiles.step), m = random(36 * m_tiles.step), u = random(36 * u_step), du = random(36 * u_step);
    winners.assign(y.view<float>().size(), 1);
  }

  float* at(Tensor& tensor, std::int64_t offset = 0) { return tensor.view<float>().data() + offset; }

  void report(benchmark::State& state, double products = 0) const {
    const auto calls = static_cast<double>(state.iterations());
    state.counters["ns/tile"] =
        benchmark::Counter(calls * tiles * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    const double flop = 2.0 * 36 * tiles * static_cast<double>(e.conv.c * e.conv.k) * products;
    if (products > 0) state.counters["GFLOP/s"] = benchmark::Counter(calls * flop * 1e-9, benchmark::Counter::kIsRate);
    state.SetLabel(std::string(kernels().name));
  }
};

void input(benchmark::State& state) {
  Layer l(state);
  for (auto _ : state) kernels().winograd_input(l.at(l.v), l.at(l.x), l.e, l.v_tiles);
  l.report(state);
}

void product(benchmark::State& state) {
  Layer l(state);
  const auto c = l.e.conv.c, k = l.e.conv.k;
  for (auto _ : state) {
    for (std::int64_t i = 0; i < 36; ++i)
      kernels().dense_packed(l.at(l.m, i * l.m_tiles.step), l.at(l.v, i * l.v_tiles.step), l.at(l.u, i * l.u_step),
                             nullptr, false, {.n = tiles, .i = c, .o = k}, 0, k);
  }
  l.report(state, 1);
}

void output_pooled(benchmark::State& state) {
  Layer l(state);
  const ConvEpilogue after{.b = l.at(l.b), .relu = true, .max_pool = true, .winners = l.winners.data()};
  for (auto _ : state) kernels().winograd_output(l.at(l.y), l.at(l.m), l.e, l.m_tiles, after, 0, l.e.conv.k);
  l.report(state);
}

void gradient_pooled(benchmark::State& state) {
  Layer l(state);
  const Tensor outputs = l.y;
  const ConvGradient after{.y = outputs.view<float>().data(), .winners = l.winners.data(), .scale = 1.1f};
  for (auto _ : state) kernels().winograd_output_adjoint(l.at(l.m), l.at(l.y), l.e, l.m_tiles, after);
  l.report(state);
}

void filter_product(benchmark::State& state) {
  Layer l(state);
  const auto c = l.e.conv.c, k = l.e.conv.k;
  for (auto _ : state) {
    for (std::int64_t i = 0; i < 36; ++i)
      kernels().dense_backward_kernel(l.at(l.du, i * l.u_step), l.at(l.v, i * l.v_tiles.step),
                                      l.at(l.m, i * l.m_tiles.step), {.n = tiles, .i = c, .o = k}, 0, k);
  }
  l.report(state, 1);
}

void input_adjoint(benchmark::State& state) {
  Layer l(state);
  for (auto _ : state) kernels().winograd_input_adjoint(l.at(l.x), l.at(l.v), l.e, l.v_tiles, 0, l.e.conv.c);
  l.report(state);
}

void shapes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"side", "C", "K"})->Args({46, 32, 64})->Args({22, 64, 128})->Args({10, 128, 256});
}

BENCHMARK(input)->Apply(shapes);
BENCHMARK(product)->Apply(shapes);
BENCHMARK(output_pooled)->Apply(shapes);
BENCHMARK(gradient_pooled)->Apply(shapes);
BENCHMARK(filter_product)->Apply(shapes);
BENCHMARK(input_adjoint)->Apply(shapes);

} // namespace

BENCHMARK_MAIN();
