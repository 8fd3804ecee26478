// SPDX-License-Identifier: Apache-2.0
// Training on packed pictures: their order, and the same bits.
#include "lib/train/shuffle.hpp"
#include "mien/core/error.hpp"
#include "mien/data/split.hpp"
#include "mien/nn/classifier.hpp"
#include "mien/train/evaluate.hpp"
#include "mien/train/picture_order.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/packs.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/train/small_training.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace mien;
using namespace mien::test;
using Catch::Matchers::Contains;

namespace {

template <class Order> std::vector<std::uint32_t> listed(const Order& order, std::uint32_t n) {
  std::vector<std::uint32_t> all;
  for (std::uint32_t i = 0; i < n; ++i) all.push_back(order[i]);
  return all;
}

bool each_once(std::vector<std::uint32_t> order) {
  std::ranges::sort(order);
  for (std::uint32_t i = 0; i < order.size(); ++i)
    if (order[i] != i) return false;
  return true;
}

BlockShuffle shuffled(std::uint32_t n, std::uint32_t block, std::uint32_t window, std::uint64_t seed, int epoch) {
  BlockShuffle order(n, block, window);
  order.begin_epoch(seed, epoch);
  return order;
}

/// 63 pictures, packed and in memory.
struct Both {
  TempFolder folder;
  Dataset memory = generated_dataset(9, 1, 16);
  Dataset file = make_pack(folder / "a.mienpack", memory);
  Dataset validation = generated_dataset(2, 1, 16, 100);
};

Trainer trainer_of(const Dataset& train, const Dataset& validation, TrainOptions recipe = small_recipe(),
                   int threads = 1, Model model = small_network()) {
  return Trainer(std::move(model), small_pictures, train, validation, recipe, threads);
}

} // namespace

TEST_CASE("order: a keyed order has every number once, whatever the count") {
  for (const std::uint32_t n : {1u, 2u, 3u, 4u, 5u, 7u, 8u, 9u, 64u, 65u, 1000u, 70'001u}) {
    INFO(n);
    const auto order = listed(KeyedOrder(n, 1, 0, 0), n);
    CHECK(each_once(order));
    if (n < 64) continue;
    CHECK(order != listed(KeyedOrder(n, 2, 0, 0), n));
    CHECK(order != listed(KeyedOrder(n, 1, 1, 0), n));
    CHECK(order != listed(KeyedOrder(n, 1, 0, 1), n));
  }
  CHECK(KeyedOrder(0xffffffffu, 1, 0, 0)[0xfffffffeu] < 0xffffffffu);
}

TEST_CASE("order: every place of a keyed order takes every number about as often") {
  constexpr std::uint32_t n = 12, keys = 12'000;
  std::vector<int> counts(n * n);
  for (std::uint32_t seed = 0; seed < keys; ++seed) {
    const KeyedOrder order(n, seed, 0, 0);
    for (std::uint32_t i = 0; i < n; ++i) ++counts[i * n + order[i]];
  }
  const double expected = keys / n; // deviation 30; the worst of 144 cells stays below five of them
  for (const int count : counts) CHECK(std::abs(count - expected) < 150);
}

TEST_CASE("order: blocks are shuffled, every picture comes once, and a window stays together") {
  for (const std::uint32_t n : {1u, 5u, 8u, 100u, 1003u, 4096u}) {
    for (const std::uint32_t block : {1u, 7u, 8u, 5000u}) {
      INFO(n << " " << block);
      const auto order = listed(shuffled(n, block, 4, 1, 0), n);
      CHECK(each_once(order));
      if (n < 100) continue;
      CHECK(order != listed(shuffled(n, block, 4, 1, 1), n));
      CHECK(order != listed(shuffled(n, block, 4, 2, 0), n));
    }
  }
  constexpr std::uint32_t block = 16, window = 8, n = 16 * 8 * 20;
  const auto order = listed(shuffled(n, block, window, 3, 2), n);
  std::uint32_t neighbours = 0;
  for (std::uint32_t first = 0; first < n; first += block * window) {
    auto together = std::vector<std::uint32_t>(order.begin() + first, order.begin() + first + block * window);
    for (std::size_t i = 1; i < together.size(); ++i) neighbours += together[i] == together[i - 1] + 1;
    std::ranges::sort(together);
    std::uint32_t gaps = 0; // between pictures that do not lie beside each other: one a block at most
    for (std::size_t i = 1; i < together.size(); ++i) gaps += together[i] != together[i - 1] + 1;
    CHECK(gaps <= window);
    CHECK(together.back() - together.front() > n / 4); // from all over the file
  }
  CHECK(neighbours < n / 20); // within a window they are mixed
}

TEST_CASE("order: packed pictures come by blocks, those in memory as ever") {
  const Both both;
  PictureOrder of_file(both.file), of_memory(both.memory);
  of_file.begin_epoch(5, 1);
  of_memory.begin_epoch(5, 1);
  std::vector<std::uint32_t> as_ever(63);
  shuffle(as_ever, 5, 1);
  CHECK(listed(of_memory, 63) == as_ever);
  CHECK(listed(of_file, 63) == listed(shuffled(63, 256, 1024, 5, 1), 63));
}

TEST_CASE("packed pictures train to the same bits as the same pictures in memory, in the same order") {
  const Both both;
  auto recipe = small_recipe();
  recipe.epochs = 1;
  recipe.augmentation = {}; // its draws and those of dropout depend on the number of a picture, not on its place
  const Model network({16, 16, 1}, {flatten(), dense({.units = 7})}, 1);
  PictureOrder of_file(both.file), of_memory(both.memory);
  of_file.begin_epoch(recipe.seed, 0);
  of_memory.begin_epoch(recipe.seed, 0);
  std::vector<std::size_t> places(63);
  for (std::size_t i = 0; i < 63; ++i) places[of_memory[i]] = of_file[i];
  auto a = trainer_of(both.file, make_pack(both.folder / "v.mienpack", both.validation), recipe, 2, network);
  auto b = trainer_of(both.memory.subset(places), both.validation, recipe, 1, network);
  REQUIRE(a.run());
  REQUIRE(b.run());
  CHECK(same_bits(a, b));
  auto c = trainer_of(both.memory, both.validation, recipe, 1, network); // another order is other bits
  REQUIRE(c.run());
  CHECK_FALSE(same_bits(a, c));
}

TEST_CASE("packed pictures train to the same bits on any threads, and after a resume") {
  const Both both;
  const auto [kept, held] = split(both.file, 0.2, 1);
  auto whole = trainer_of(kept, held);
  REQUIRE(whole.run());
  auto more = trainer_of(kept, held, small_recipe(), 3);
  REQUIRE(more.run());
  CHECK(same_bits(whole, more));

  auto stopped = trainer_of(kept, held);
  int asked = 0;
  REQUIRE_FALSE(stopped.run({.stop = [&] { return ++asked > 9; }})); // in the second epoch
  CHECK(stopped.progress().epoch == 1);
  stopped.save(both.folder / "state");
  auto resumed = trainer_of(kept, held);
  resumed.restore(both.folder / "state");
  REQUIRE(resumed.run());
  CHECK(same_bits(whole, resumed));

  const auto other = split(both.file, 0.2, 2);
  auto elsewhere = trainer_of(other.kept, other.held);
  CHECK_THROWS_WITH(elsewhere.restore(both.folder / "state"), Contains("the training began with data"));
}

TEST_CASE("a damaged picture stops training and measuring with its name") {
  const Both both;
  const auto path = both.folder / "a.mienpack";
  damage(path, 4096 + 30 * 256);
  const auto damaged = open_packed(path);
  auto trainer = trainer_of(damaged, both.validation, small_recipe(), 2);
  CHECK_THROWS_WITH(trainer.run(), Contains("record 30 of 63, " + both.memory.name(30)));
  auto validated = trainer_of(both.memory, damaged);
  CHECK_THROWS_WITH(validated.run(), Contains("record 30 of 63"));
}

TEST_CASE("a model is measured on a pack as on the same pictures in memory") {
  const Both both;
  const Classifier classifier(
      {.model = small_network(3), .preprocessing = small_pictures, .labels = both.memory.classes, .provenance = {}});
  const auto a = evaluate(classifier, both.file), b = evaluate(classifier, both.memory);
  CHECK(to_json(a) == to_json(b));
}

TEST_CASE("running figures are those of all answers at once, to the bit") {
  constexpr std::size_t n = 50, classes = 3;
  Tensor probabilities(Shape{n, classes});
  std::vector<std::int32_t> truth;
  Rng rng(1, Purpose::test);
  for (std::size_t i = 0; i < n; ++i) {
    const float p = rng.uniform(), q = rng.uniform() * (1 - p);
    std::ranges::copy(std::vector{p, q, 1 - p - q}, probabilities.view<float>().data() + i * classes);
    truth.push_back(static_cast<std::int32_t>(rng.below(classes)));
  }
  const std::vector<std::string> labels = {"a", "b", "c"};
  const auto all = evaluate(truth, probabilities, labels, {.resamples = 1});
  RunningFigures running(classes);
  for (int round = 0; round < 2; ++round) {
    running.clear();
    for (std::size_t first = 0; first < n; first += 20) {
      const auto size = std::min<std::size_t>(20, n - first);
      running.add(std::span(truth).subspan(first, size),
                  View<const float>(probabilities.view<float>().data() + first * classes,
                                    Shape{static_cast<std::int64_t>(size), classes}));
    }
    const auto figures = running.figures();
    CHECK(figures.accuracy == all.accuracy);
    CHECK(figures.macro_f1 == all.macro_f1);
    CHECK(figures.weighted_f1 == all.weighted_f1);
    CHECK(figures.uar == all.uar);
    CHECK(figures.log_loss == all.log_loss);
    CHECK(std::ranges::equal(running.confusion(), all.confusion));
  }
  CHECK_THROWS_WITH(running.add(truth, View<const float>(probabilities.view<float>().data(), Shape{3, 3})),
                    Contains("as many probabilities"));
}
