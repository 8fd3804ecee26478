// SPDX-License-Identifier: Apache-2.0
// Augmenting pictures, and reading a folder of them (MIEN_FER2013/train, where that is set), from a warm cache.
//
//   build/bench/benchmarks/bench_data --benchmark_repetitions=9 --benchmark_report_aggregates_only=true
#include "mien/core/rng.hpp"
#include "mien/data/augment.hpp"
#include "mien/data/read_dataset.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace {

using namespace mien;

void augment_faces(benchmark::State& state) {
  const Preprocessing preprocessing;
  const Augmentation augmentation{.rotation_degrees = 10, .zoom = 0.1f, .flip = true};
  std::vector<std::uint8_t> face(48 * 48);
  std::vector<float> result(face.size());
  Rng rng(1, Purpose::test);
  std::ranges::generate(face, [&] { return static_cast<std::uint8_t>(rng.bits()); });
  std::uint32_t sample = 0;
  for (auto _ : state) {
    augment(result, face, preprocessing, augmentation, Rng(1, Purpose::augment, 0, sample++));
    benchmark::DoNotOptimize(result.data());
  }
  state.counters["images/s"] = benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void read_faces(benchmark::State& state) {
  const char* folder = std::getenv("MIEN_FER2013");
  if (folder == nullptr) {
    state.SkipWithError("MIEN_FER2013 is not set");
    return;
  }
  std::size_t pictures = 0;
  for (auto _ : state) {
    const auto read = open_data(folder, DataPart::train, {.threads = static_cast<int>(state.range(0))});
    pictures += read.data.size();
  }
  state.counters["images/s"] = benchmark::Counter(static_cast<double>(pictures), benchmark::Counter::kIsRate);
}

BENCHMARK(augment_faces);
BENCHMARK(read_faces)->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kSecond);

} // namespace

BENCHMARK_MAIN();
