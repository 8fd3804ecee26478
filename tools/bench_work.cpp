// SPDX-License-Identifier: Apache-2.0
#include "tools/bench_work.hpp"

#include "mien/core/error.hpp"
#include "mien/data/augment.hpp"
#include "mien/ops/parallel.hpp"
#include "mien/ops/softmax.hpp"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <utility>

namespace mien::cli {
namespace {

constexpr double learning_rate = 1e-3;
constexpr Augmentation augmentation{.rotation_degrees = 10, .zoom = 0.1f, .flip = true}; // the field's recipe

/// Calls `f` and adds to `part` how long it took.
template <class F> auto timed(Work::Part& part, F f) {
  struct Stop {
    Work::Part& part;
    std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
    ~Stop() { part.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); }
  };
  const Stop stop{part};
  return f();
}

/// The network as a file of the same names would hold it.
Classifier classifier_of(const BenchSubject& subject) {
  std::vector<std::string> labels;
  for (std::int64_t i = 0; i < subject.model.output_shape()[0]; ++i) labels.push_back(concat("class ", i));
  return Classifier({.model = subject.model,
                     .preprocessing = subject.preprocessing,
                     .labels = std::move(labels),
                     .provenance = {}})
      .beginning_with(subject.algorithm);
}

} // namespace

BenchSubject bench_subject(std::string net, const Model& model, const Preprocessing& preprocessing, std::int64_t faces,
                           std::uint64_t seed) {
  if (model.input_shape().rank() != 3 || model.output_shape().rank() != 1)
    throw Error(concat(net, ": a network that names faces makes one row of numbers of height x width x channels, not ",
                       model.output_shape(), " of ", model.input_shape()));
  BenchSubject subject{std::move(net), model, preprocessing, {}, seed};
  subject.faces.resize(static_cast<std::size_t>(faces * model.input_shape().size()));
  Rng rng(seed, Purpose::faces);
  std::ranges::generate(subject.faces, [&] { return static_cast<std::uint8_t>(rng.bits()); });
  return subject;
}

TrainingWork::TrainingWork(const BenchSubject& subject, std::int64_t batch, int threads, bool augmented)
    : subject_(subject), augmented_(augmented), model_(subject.model),
      workspace_(Plan(model_, {.batch = batch, .training = true, .algorithm = subject.algorithm}), threads),
      optimizer_(model_, {}), samples_(static_cast<std::size_t>(batch)) {
  std::iota(samples_.begin(), samples_.end(), 0u);
  const auto classes = static_cast<std::uint32_t>(model_.output_shape()[0]);
  for (const auto sample : samples_) labels_.push_back(static_cast<std::int32_t>(sample % classes));
}

void TrainingWork::fill() {
  const auto batch = static_cast<std::int64_t>(samples_.size());
  const auto x = workspace_.input(batch).span();
  const auto faces = subject_.first(batch);
  if (!augmented_) return to_input_floats(x, faces, subject_.preprocessing);
  const auto size = faces.size() / samples_.size();
  parallel_for(workspace_.threads(), static_cast<int>(batch), [&](int part, int) {
    const auto at = static_cast<std::size_t>(part) * size;
    augment(x.subspan(at, size), faces.subspan(at, size), subject_.preprocessing, augmentation,
            Rng(subject_.seed, Purpose::augment, step_, static_cast<std::uint32_t>(part)));
  });
}

void TrainingWork::call() {
  const auto batch = static_cast<std::int64_t>(samples_.size());
  const Draws draws{.seed = subject_.seed, .epoch = step_, .samples = samples_};
  auto& [pictures, loss, zero, adam] = parts_;
  timed(pictures, [&] { fill(); });
  timed(zero, [&] { workspace_.zero_gradients(); });
  const auto logits = workspace_.forward(model_, batch, draws);
  const auto n = static_cast<double>(batch);
  loss_ =
      timed(loss, [&] { return softmax_cross_entropy(workspace_.output_gradient(batch), logits, labels_, 1 / n) / n; });
  workspace_.backward(model_, batch, draws);
  timed(adam, [&] { optimizer_.step(model_, workspace_.gradients(), learning_rate, workspace_.threads()); });
  ++step_;
}

InferenceWork::InferenceWork(const BenchSubject& subject, std::int64_t batch, int threads)
    : faces_(subject.first(batch)), session_(classifier_of(subject), batch, threads) {}

} // namespace mien::cli
