// SPDX-License-Identifier: Apache-2.0
#include "tests/support/catch.hpp"
#include "tools/latest.hpp"

#include <memory>
#include <thread>
#include <vector>

using mien::cli::Latest;
using std::chrono::milliseconds;

TEST_CASE("latest: an offer takes the place of what nobody took, and says so") {
  Latest<int> place;
  CHECK_FALSE(place.offer(1));
  CHECK(place.offer(2));
  CHECK(place.take() == 2);
  CHECK_FALSE(place.offer(3));
  CHECK(place.take(milliseconds(0)) == 3);
  CHECK(place.take(milliseconds(0)) == std::nullopt);
}

TEST_CASE("latest: what is handed over is taken, each value once and in order") {
  Latest<std::unique_ptr<int>> place; // values are moved
  constexpr int count = 1000;
  std::thread maker([&] {
    for (int i = 0; i < count; ++i) place.hand_over(std::make_unique<int>(i));
    place.close();
  });
  std::vector<int> taken;
  while (const auto value = place.take()) taken.push_back(**value);
  maker.join();
  REQUIRE(taken.size() == count);
  for (int i = 0; i < count; ++i) CHECK(taken[static_cast<std::size_t>(i)] == i);
  CHECK(place.finished());
}

TEST_CASE("latest: of what is offered the last is taken, and what is taken never goes back") {
  Latest<int> place;
  constexpr int count = 1000;
  std::thread maker([&] {
    for (int i = 1; i <= count; ++i) place.offer(i);
    place.close();
  });
  int last = 0;
  while (const auto value = place.take()) {
    CHECK(*value > last);
    last = *value;
  }
  maker.join();
  CHECK(last == count);
}

TEST_CASE("latest: closing wakes everybody, and leaves what is there to be taken") {
  Latest<int> empty, full;
  full.offer(1);
  std::optional<int> taken = 7;
  bool left = true;
  std::thread taker([&] { taken = empty.take(); });
  std::thread maker([&] { left = full.hand_over(2); });
  empty.close();
  full.close();
  taker.join();
  maker.join();
  CHECK(taken == std::nullopt);
  CHECK_FALSE(left);
  CHECK(empty.finished());
  CHECK_FALSE(full.finished());
  CHECK_FALSE(full.offer(3));
  CHECK(full.take() == 1);
  CHECK(full.finished());
  CHECK_FALSE(full.hand_over(4));
}
