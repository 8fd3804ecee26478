// SPDX-License-Identifier: Apache-2.0
// Augmenting pictures, reading a folder of them (MIEN_FER2013/train, where that is set), and feeding augmented batches
// from a packed file, all from a warm cache.
//
//   build/bench/benchmarks/bench_data --benchmark_repetitions=9 --benchmark_report_aggregates_only=true
#include "mien/core/rng.hpp"
#include "mien/data/augment.hpp"
#include "mien/data/pack_writer.hpp"
#include "mien/data/packed_pictures.hpp"
#include "mien/data/read_dataset.hpp"
#include "mien/ops/parallel.hpp"
#include "mien/train/picture_order.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <span>
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

/// A pack of pictures of noise, more than one window of the order, in a file that is removed at the end.
class NoisePack {
public:
  NoisePack() : path_(std::filesystem::temp_directory_path() / "mien-bench-data.mienpack") {
    PackWriter writer(path_, {"a", "b", "c", "d", "e", "f", "g"}, 48, 48, 1);
    std::vector<std::uint8_t> face(48 * 48);
    for (std::int32_t i = 0; i < 40'000; ++i) {
      Rng rng(1, Purpose::test, 1, static_cast<std::uint32_t>(i));
      std::ranges::generate(face, [&] { return static_cast<std::uint8_t>(rng.bits()); });
      writer.add(face, i % 7, "noise");
    }
    writer.finish();
    data = open_packed(path_);
    in_memory = data;
    in_memory.packed.reset();
    for (std::size_t i = 0; i < data.size(); ++i) { // touches every page, too
      const auto picture = data.picture(i);
      in_memory.pixels.insert(in_memory.pixels.end(), picture.begin(), picture.end());
      in_memory.labels.push_back(data.label(i));
    }
  }
  ~NoisePack() { std::filesystem::remove(path_); }
  Dataset data, in_memory;

private:
  std::filesystem::path path_;
};

/// What a training step does before it computes: the order, labels, pixels checked and augmented into a batch of 32.
void feed_batches(benchmark::State& state) {
  static const NoisePack pack;
  const auto& data = state.range(0) != 0 ? pack.data : pack.in_memory;
  const auto threads = static_cast<int>(state.range(1));
  constexpr std::size_t batch = 32;
  const Preprocessing preprocessing;
  const Augmentation augmentation{.rotation_degrees = 10, .zoom = 0.1f, .flip = true};
  const auto size = data.picture_bytes();
  std::vector<float> x(batch * size);
  std::vector<std::uint32_t> samples(batch);
  std::vector<std::int32_t> labels(batch);
  PictureOrder order(data);
  int epoch = 0;
  order.begin_epoch(1, epoch);
  std::size_t position = 0, pictures = 0;
  for (auto _ : state) {
    if (position + batch > data.size()) {
      position = 0;
      order.begin_epoch(1, ++epoch);
    }
    for (std::size_t i = 0; i < batch; ++i) {
      samples[i] = order[position + i];
      labels[i] = data.label(samples[i]);
    }
    parallel_for(threads, batch, [&](int part, int) {
      const auto i = static_cast<std::size_t>(part);
      augment(std::span(x).subspan(i * size, size), data.picture(samples[i]), preprocessing, augmentation,
              Rng(1, Purpose::augment, static_cast<std::uint32_t>(epoch), samples[i]));
    });
    benchmark::DoNotOptimize(x.data());
    benchmark::DoNotOptimize(labels.data());
    position += batch;
    pictures += batch;
  }
  state.counters["images/s"] = benchmark::Counter(static_cast<double>(pictures), benchmark::Counter::kIsRate);
}

BENCHMARK(augment_faces);
BENCHMARK(feed_batches)->ArgNames({"packed", "threads"})->ArgsProduct({{0, 1}, {1, 2}})->UseRealTime();
BENCHMARK(read_faces)->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kSecond);

} // namespace

BENCHMARK_MAIN();
