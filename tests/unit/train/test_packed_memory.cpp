// SPDX-License-Identifier: Apache-2.0
// A program of its own, because it counts the memory that C++ code holds: a hundred times the pictures may not take
// more.
#include "mien/data/split.hpp"
#include "mien/nn/layers.hpp"
#include "mien/train/trainer.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/packs.hpp"
#include "tests/support/temp_folder.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <new>

#include <malloc.h>

namespace {

std::atomic<long> held{0}, most{0};

void* counted(std::size_t size, std::size_t alignment) {
  void* p = std::aligned_alloc(alignment, (std::max<std::size_t>(size, 1) + alignment - 1) / alignment * alignment);
  if (p == nullptr) throw std::bad_alloc();
  const long now = held += static_cast<long>(malloc_usable_size(p));
  for (long before = most; before < now && !most.compare_exchange_weak(before, now);) {
  }
  return p;
}

void freed(void* p) noexcept {
  held -= static_cast<long>(malloc_usable_size(p));
  std::free(p);
}

} // namespace

void* operator new(std::size_t size) { return counted(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return operator new(size); }
void operator delete(void* p) noexcept { freed(p); }
void operator delete(void* p, std::size_t) noexcept { freed(p); }
void operator delete(void* p, const std::nothrow_t&) noexcept { freed(p); }
void operator delete(void* p, std::align_val_t) noexcept { freed(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { freed(p); }

using namespace mien;
using namespace mien::test;

namespace {

/// The bytes that `work` held at most, beyond what was held before.
template <class Work> long peak_of(const Work& work) {
  const long before = held;
  most = before;
  work();
  return most - before;
}

void pack(const std::filesystem::path& path, std::uint32_t pictures) {
  PackWriter writer(path, {"even", "odd"}, 4, 4, 1);
  std::array<std::uint8_t, 16> pixels{};
  for (std::uint32_t i = 0; i < pictures; ++i) {
    for (std::size_t byte = 0; byte < 4; ++byte) pixels[byte] = static_cast<std::uint8_t>(i >> 8 * byte);
    writer.add(pixels, static_cast<std::int32_t>(i % 2), "");
  }
  writer.finish();
}

void train(const std::filesystem::path& path) {
  auto [kept, held_out] = split(open_packed(path), 0.1, 1);
  Model model({4, 4, 1}, {flatten(), dense({.units = 2})}, 1);
  Trainer trainer(std::move(model), {.height = 4, .width = 4}, std::move(kept), std::move(held_out),
                  {.epochs = 1, .batch = 64, .augmentation = {}});
  REQUIRE(trainer.run());
}

} // namespace

TEST_CASE("packed: packing and training take a hundred times the pictures in the same memory") {
  constexpr std::uint32_t few = 2'000, many = 200'000;
  const TempFolder folder;
  const long packing_few = peak_of([&] { pack(folder / "few.mienpack", few); });
  const long packing_many = peak_of([&] { pack(folder / "many.mienpack", many); });
  CHECK(packing_many <= packing_few + (1 << 21)); // buffers of a fixed size, which few pictures do not fill

  const long training_few = peak_of([&] { train(folder / "few.mienpack"); });
  const long training_many = peak_of([&] { train(folder / "many.mienpack"); });
  INFO(training_few << " bytes for " << few << " pictures, " << training_many << " for " << many);
  // Both sides of the cut take a bit a picture and a count for every 512; half as much again for how vectors grow.
  CHECK(training_many - training_few <= long{many} * 2 * 17 / 16 / 8 * 3 / 2);
  CHECK(training_few > 0);
}
