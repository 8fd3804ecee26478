// SPDX-License-Identifier: Apache-2.0
// A program of its own, because it counts every allocation that C++ code makes.
#include "mien/nn/networks.hpp"
#include "mien/nn/optimizer.hpp"
#include "mien/nn/workspace.hpp"
#include "mien/ops/softmax.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/train/small_training.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

namespace {

std::atomic<long> allocations{0};

void* counted(std::size_t size, std::size_t alignment) {
  ++allocations;
  void* p = std::aligned_alloc(alignment, (std::max<std::size_t>(size, 1) + alignment - 1) / alignment * alignment);
  return p != nullptr ? p : throw std::bad_alloc();
}

} // namespace

void* operator new(std::size_t size) { return counted(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return operator new(size); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, const std::nothrow_t&) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

using namespace mien;

TEST_CASE("workspace: after the first step neither inference nor training allocates") {
  Model model = network_named(GENERATE(as<std::string>(), "seed", "residual", "tiny"));
  const int threads = GENERATE(1, 2);
  Workspace inference(Plan(model, {.batch = 2}), threads);
  Workspace training(Plan(model, {.batch = 2, .training = true}), threads);
  Optimizer adam(model, {.clip_norm = 1});
  const std::vector<std::uint32_t> samples{0, 1};
  const std::vector<std::int32_t> labels{3, 4};
  const auto step = [&] {
    const Draws draws{.seed = 1, .samples = samples};
    std::ranges::fill(inference.input(2), 0.5f);
    (void)inference.forward(model, 2);
    std::ranges::fill(training.input(2), 0.5f);
    training.zero_gradients();
    const auto logits = training.forward(model, 2, draws);
    softmax_cross_entropy(training.output_gradient(2), logits, labels, 0.5);
    training.backward(model, 2, draws);
    adam.step(model, training.gradients(), 1e-3, threads);
  };
  step();
  const long before = allocations;
  step();
  const long after = allocations;
  CHECK(after == before);
  CHECK(before > 0); // the counter counts
}

TEST_CASE("trainer: after the first step none allocates, augmentation included") {
  const bool modern = GENERATE(false, true); // which smooths, weights, clips, averages
  auto recipe = modern ? test::modern_recipe() : test::small_recipe();
  recipe.epochs = 1;
  const int threads = GENERATE(1, 2);
  auto trainer = modern ? test::modern_trainer(recipe, threads) : test::small_trainer(recipe, threads);
  std::array<long, 3> counts{};
  REQUIRE(trainer.run(
      {.on_step = [&](const StepReport& report) { counts[static_cast<std::size_t>(report.step - 1)] = allocations; }}));
  CHECK(counts[1] == counts[0]);
  CHECK(counts[2] == counts[0]);
}
