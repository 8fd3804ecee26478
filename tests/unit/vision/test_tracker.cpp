// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/core/rng.hpp"
#include "mien/vision/assignment.hpp"
#include "mien/vision/overlap.hpp"
#include "mien/vision/tracker.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

using namespace mien;

namespace {

Detection at(int x, int y, int size = 100) { return {.box = {x, y, size, size}}; }

std::vector<std::uint64_t> ids(std::span<const Track> tracks) {
  std::vector<std::uint64_t> all;
  for (const auto& track : tracks) all.push_back(track.id);
  return all;
}

/// The number that a detection of the last update got.
std::uint64_t id_of(const Tracker& tracker, std::size_t detection) {
  for (const auto& track : tracker.tracks())
    if (track.detection == detection) return track.id;
  return 0;
}

double sum_of(std::span<const double> costs, std::size_t columns, std::span<const int> pairs) {
  double sum = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i)
    if (pairs[i] >= 0) sum += costs[i * columns + static_cast<std::size_t>(pairs[i])];
  return sum;
}

/// The least sum, by trying every order.
double least_sum(std::span<const double> costs, std::size_t rows, std::size_t columns) {
  const std::size_t most = std::max(rows, columns);
  std::vector<std::size_t> order(most);
  std::iota(order.begin(), order.end(), std::size_t{0});
  double least = std::numeric_limits<double>::infinity();
  do {
    double sum = 0;
    for (std::size_t i = 0; i < rows; ++i)
      if (order[i] < columns) sum += costs[i * columns + order[i]];
    least = std::min(least, sum);
  } while (std::ranges::next_permutation(order).found);
  return least;
}

} // namespace

TEST_CASE("overlap: what is shared of what is covered") {
  CHECK(overlap({0, 0, 10, 10}, {0, 0, 10, 10}) == 1);
  CHECK(overlap({0, 0, 10, 10}, {5, 0, 10, 10}) == Approx(1.0 / 3));
  CHECK(overlap({0, 0, 10, 10}, {2, 2, 5, 5}) == Approx(0.25));
  CHECK(overlap({0, 0, 10, 10}, {10, 0, 10, 10}) == 0); // edges touch
  CHECK(overlap({0, 0, 0, 0}, {0, 0, 0, 0}) == 0);
  constexpr int far = std::numeric_limits<int>::max();
  CHECK(overlap({0, 0, far, far}, {far, far, far, far}) == 0); // no number runs over
  CHECK(overlap({-far, -far, far, far}, {-far, -far, far, far}) == 1);
}

TEST_CASE("assignment: no other pairs cost less") {
  // Whoever takes the cheapest pair first pays 1 + 100; the best is 2 + 3.
  CHECK(assignment(std::vector<double>{1, 2, 3, 100}, 2, 2) == std::vector<int>{1, 0});
  for (std::uint32_t sample = 0; sample < 300; ++sample) {
    Rng rng(7, Purpose::test, 0, sample);
    const std::size_t rows = 1 + rng.below(5), columns = 1 + rng.below(5);
    std::vector<double> costs(rows * columns);
    const bool ties = sample % 3 == 0;
    for (auto& cost : costs) cost = ties ? rng.below(3) : rng.uniform(-1, 1);
    const auto pairs = assignment(costs, rows, columns);
    REQUIRE(pairs.size() == rows);
    std::vector<int> taken;
    std::ranges::copy_if(pairs, std::back_inserter(taken), [](int column) { return column >= 0; });
    REQUIRE(taken.size() == std::min(rows, columns)); // whoever can has a partner
    std::ranges::sort(taken);
    REQUIRE(std::ranges::adjacent_find(taken) == taken.end());
    REQUIRE(sum_of(costs, columns, pairs) == Approx(least_sum(costs, rows, columns)).margin(1e-12));
  }
}

TEST_CASE("assignment: nobody at all, and what is refused") {
  CHECK(assignment({}, 0, 0).empty());
  CHECK(assignment({}, 0, 3).empty());
  CHECK(assignment({}, 2, 0) == std::vector<int>{-1, -1});
  CHECK_THROWS_AS(assignment(std::vector<double>{1, 2, 3}, 2, 2), Error);
  CHECK_THROWS_AS(assignment(std::vector<double>{std::numeric_limits<double>::quiet_NaN()}, 1, 1), Error);
  CHECK_THROWS_AS(assignment(std::vector<double>{std::numeric_limits<double>::infinity()}, 1, 1), Error);
}

TEST_CASE("tracker: a face keeps its number while it moves, whatever order detections come in") {
  Tracker tracker;
  for (int frame = 0; frame < 50; ++frame) {
    std::vector<Detection> found = {at(10 + 8 * frame, 50), at(600 - 6 * frame, 300, 80)};
    if (frame % 2 == 1) std::swap(found[0], found[1]);
    (void)tracker.update(found, frame / 25.0);
    REQUIRE(ids(tracker.tracks()) == std::vector<std::uint64_t>{1, 2});
    REQUIRE(id_of(tracker, static_cast<std::size_t>(frame % 2)) == 1);
  }
}

TEST_CASE("tracker: motion tells apart two faces that pass one another") {
  Tracker tracker;
  // They come from two sides and pass at a little distance in height; between frames they go half a face's width, so
  // that for a moment each is nearer to where the other was.
  for (int frame = 0; frame <= 20; ++frame) {
    const std::vector<Detection> found = {at(50 * frame, 100), at(1000 - 50 * frame, 130)};
    (void)tracker.update(found, frame / 25.0);
    REQUIRE(id_of(tracker, 0) == 1);
    REQUIRE(id_of(tracker, 1) == 2);
  }
}

TEST_CASE("tracker: who is missed for a moment is waited for, who is gone is forgotten") {
  Tracker tracker({.patience = 0.5});
  for (int frame = 0; frame < 10; ++frame) (void)tracker.update(std::vector{at(10 * frame, 0)}, frame * 0.04);
  const auto lost = tracker.update({}, 0.40);
  REQUIRE(lost.size() == 1);
  CHECK(!lost[0].detection);
  CHECK(lost[0].last == Approx(0.36));
  (void)tracker.update(std::vector{at(130, 0)}, 0.52);
  CHECK(id_of(tracker, 0) == 1);
  CHECK(tracker.update({}, 1.5).empty());
  (void)tracker.update(std::vector{at(130, 0)}, 1.6);
  CHECK(id_of(tracker, 0) == 2); // the same place, but nobody knows who
}

TEST_CASE("tracker: a face elsewhere is a new one") {
  Tracker tracker;
  (void)tracker.update(std::vector{at(0, 0)}, 0);
  (void)tracker.update(std::vector{at(400, 0), at(0, 0)}, 0.04);
  CHECK(id_of(tracker, 1) == 1);
  CHECK(id_of(tracker, 0) == 2);
}

TEST_CASE("tracker: expected where the motion leads, and no further") {
  Tracker tracker;
  for (int frame = 0; frame < 50; ++frame) (void)tracker.update(std::vector{at(4 * frame, 0)}, frame * 0.04);
  const Track track = tracker.tracks()[0];
  CHECK(track.vx == Approx(100).epsilon(0.01));
  CHECK(track.vy == 0);
  CHECK(expected(track, track.last) == track.box);
  CHECK(expected(track, track.last + 0.04).x == track.box.x + 4);
  CHECK(expected(track, track.last + 1e9).x == track.box.x + 50); // half a second's way: then it stands still
}

TEST_CASE("tracker: what it keeps is bounded, and numbers never come back") {
  Tracker tracker({.patience = 3600, .most = 5});
  std::uint64_t highest = 0;
  for (int frame = 0; frame < 100; ++frame) {
    std::vector<Detection> found;
    for (int i = 0; i < 20; ++i) found.push_back(at(1000 * i, 1000 * frame, 50 + i));
    const auto tracks = tracker.update(found, frame);
    REQUIRE(tracks.size() == 5);
    REQUIRE(tracks.front().id > highest); // all of them are new
    highest = tracks.back().id;
    for (const auto& track : tracks) REQUIRE(track.box.width >= 65); // the largest
  }
  tracker.reset();
  (void)tracker.update(std::vector{at(0, 0)}, 0); // an earlier time: another stream
  CHECK(tracker.tracks()[0].id > highest);
}

TEST_CASE("tracker: hostile boxes and times") {
  Tracker tracker;
  constexpr int far = std::numeric_limits<int>::max();
  for (int frame = 0; frame < 4; ++frame) {
    const int sign = frame % 2 == 0 ? 1 : -1;
    (void)tracker.update(std::vector<Detection>{{.box = {sign * far, -sign * far, far, far}}, {.box = {}}},
                         frame * 1e-300);
  }
  CHECK_THROWS_AS(tracker.update({}, -1), Error);
  CHECK_THROWS_AS(tracker.update({}, std::numeric_limits<double>::quiet_NaN()), Error);
  CHECK_THROWS_AS(Tracker({.least_overlap = 0}), Error);
  CHECK_THROWS_AS(Tracker({.patience = -1}), Error);
  CHECK_THROWS_AS(Tracker({.patience = std::numeric_limits<double>::quiet_NaN()}), Error);
  CHECK_THROWS_AS(Tracker({.most = 0}), Error);
}
