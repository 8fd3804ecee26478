// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/data/split.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <set>

using namespace mien;

namespace {

/// Pictures of 2x1 bytes; equal numbers are copies.
Dataset made_of(std::vector<std::string> classes, const std::vector<std::pair<int, int>>& numbers_and_labels) {
  Dataset data{std::move(classes), 1, 2, 1, {}, {}, {}};
  for (const auto& [number, label] : numbers_and_labels) {
    data.pixels.push_back(static_cast<std::uint8_t>(number % 256));
    data.pixels.push_back(static_cast<std::uint8_t>(number / 256));
    data.labels.push_back(label);
    data.names.push_back(std::to_string(data.labels.size()));
  }
  return data;
}

/// 600, 60 and 6 pictures, of which every fifth has a copy, every tenth one of another class.
Dataset with_copies() {
  std::vector<std::pair<int, int>> pictures;
  int number = 0;
  for (const auto& [label, count] : {std::pair{0, 600}, {1, 60}, {2, 6}}) {
    for (int i = 0; i < count; ++i, ++number) {
      pictures.emplace_back(number, label);
      if (number % 5 == 0) pictures.emplace_back(number, number % 10 == 0 ? (label + 1) % 3 : label);
    }
  }
  return made_of({"a", "b", "c"}, pictures);
}

} // namespace

TEST_CASE("dataset: counts, subsets and single pictures") {
  const Dataset data = made_of({"a", "b", "c"}, {{1, 0}, {258, 2}, {3, 2}});
  CHECK(data.counts() == std::vector<std::size_t>{1, 0, 2});
  CHECK(data.picture(1)[0] == 2);
  const std::size_t picked[] = {2, 0, 2};
  const Dataset part = data.subset(picked);
  CHECK(part.size() == 3);
  CHECK(part.classes == data.classes);
  CHECK(part.labels == std::vector<std::int32_t>{2, 0, 2});
  CHECK(part.pixels == std::vector<std::uint8_t>{3, 0, 1, 0, 3, 0});
  CHECK(part.names == std::vector<std::string>{"3", "1", "3"});
}

TEST_CASE("split: copies are found whatever their labels are") {
  const Dataset data = made_of({"a", "b"}, {{7, 0}, {8, 0}, {7, 1}, {9, 1}, {8, 0}, {7, 0}});
  CHECK(first_copies(data) == std::vector<std::size_t>{0, 1, 0, 3, 1, 0});
}

TEST_CASE("split: every picture is on one side, and copies on the same") {
  const Dataset data = with_copies();
  const auto firsts = first_copies(data);
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const auto cut = holdout(data, 0.1, seed);
    CHECK(std::ranges::is_sorted(cut.kept));
    CHECK(std::ranges::is_sorted(cut.held));
    std::set<std::size_t> all(cut.kept.begin(), cut.kept.end());
    all.insert(cut.held.begin(), cut.held.end());
    CHECK(all.size() == data.size());
    CHECK(cut.kept.size() + cut.held.size() == data.size());
    std::set<std::size_t> kept_groups;
    for (const auto i : cut.kept) kept_groups.insert(firsts[i]);
    CHECK(std::ranges::none_of(cut.held, [&](std::size_t i) { return kept_groups.contains(firsts[i]); }));
  }
}

TEST_CASE("split: the fraction is held of every class") {
  const Dataset data = with_copies();
  const auto counts = data.counts();
  for (const double fraction : {0.1, 0.2, 0.5}) {
    const auto held = data.subset(holdout(data, fraction, 4).held).counts();
    for (std::size_t c = 0; c < 3; ++c) {
      CHECK(held[c] == std::size_t(std::floor(fraction * double(counts[c]) + 0.5)));
    }
  }
}

TEST_CASE("split: draws depend on the seed alone") {
  const Dataset data = with_copies();
  CHECK(holdout(data, 0.1, 1).held == holdout(data, 0.1, 1).held);
  CHECK(holdout(data, 0.1, 1).held != holdout(data, 0.1, 2).held);
}

TEST_CASE("split: a small class lends one group, a single group stays") {
  // a: three groups of two copies; b: two pictures; c: one picture; d: two copies of one; e: nothing
  const Dataset data =
      made_of({"a", "b", "c", "d", "e"},
              {{1, 0}, {1, 0}, {2, 0}, {2, 0}, {3, 0}, {3, 0}, {4, 1}, {5, 1}, {6, 2}, {7, 3}, {7, 3}});
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CHECK(data.subset(holdout(data, 0.1, seed).held).counts() == std::vector<std::size_t>{2, 1, 0, 0, 0});
    CHECK(data.subset(holdout(data, 0.9, seed).kept).counts() == std::vector<std::size_t>{2, 1, 1, 2, 0});
  }
  CHECK_THROWS_WITH(holdout(data, 0.0, 1), Catch::Contains("must lie between 0 and 1"));
  CHECK_THROWS_AS(holdout(data, 1.0, 1), Error);
  CHECK_THROWS_AS(holdout(data, std::nan(""), 1), Error);
}

TEST_CASE("folds: every picture is held once, and never apart from its copies") {
  const Dataset data = with_copies();
  const auto firsts = first_copies(data);
  for (const int k : {2, 5, 10}) {
    const auto folds = k_folds(data, k, 3);
    REQUIRE(folds.size() == std::size_t(k));
    std::vector<int> fold_of(data.size(), -1);
    for (int f = 0; f < k; ++f) {
      const auto& [kept, held] = folds[std::size_t(f)];
      CHECK(std::ranges::is_sorted(kept));
      CHECK(std::ranges::is_sorted(held));
      std::vector<std::size_t> all;
      std::ranges::merge(kept, held, std::back_inserter(all));
      std::vector<std::size_t> expected(data.size());
      std::iota(expected.begin(), expected.end(), 0u);
      CHECK(all == expected);
      for (const auto i : held) {
        CHECK(fold_of[i] == -1);
        fold_of[i] = f;
      }
    }
    CHECK(std::ranges::count(fold_of, -1) == 0);
    for (std::size_t i = 0; i < firsts.size(); ++i) CHECK(fold_of[i] == fold_of[firsts[i]]);
  }
}

TEST_CASE("folds: classes and sizes are balanced") {
  std::vector<std::pair<int, int>> pictures; // no copies: 103, 41 and 7
  for (int i = 0; i < 151; ++i) pictures.emplace_back(i, i < 103 ? 0 : i < 144 ? 1 : 2);
  // In with_copies() groups have two pictures, some with two labels: a class may be one further apart.
  for (const auto& [data, apart] : {std::pair{made_of({"a", "b", "c"}, pictures), 1u}, {with_copies(), 2u}}) {
    for (const int k : {2, 3, 5, 10}) {
      std::vector<std::size_t> sizes;
      std::vector<std::vector<std::size_t>> of_class(3);
      for (const auto& fold : k_folds(data, k, 9)) {
        sizes.push_back(fold.held.size());
        const auto counts = data.subset(fold.held).counts();
        for (std::size_t c = 0; c < 3; ++c) of_class[c].push_back(counts[c]);
      }
      for (const auto& counts : of_class) CHECK(std::ranges::max(counts) - std::ranges::min(counts) <= apart);
      CHECK(std::ranges::max(sizes) - std::ranges::min(sizes) <= apart);
    }
  }
}

TEST_CASE("folds: draws depend on the seed alone, and are not those of holdout()") {
  const Dataset data = with_copies();
  CHECK(k_folds(data, 5, 1)[2].held == k_folds(data, 5, 1)[2].held);
  CHECK(k_folds(data, 5, 1)[2].held != k_folds(data, 5, 2)[2].held);
  CHECK(k_folds(data, 10, 1)[0].held != holdout(data, 0.1, 1).held);
}

TEST_CASE("folds: as many as there are different pictures, and no more") {
  const Dataset data = made_of({"a", "b"}, {{1, 0}, {1, 0}, {2, 0}, {3, 1}, {3, 0}});
  for (const auto& fold : k_folds(data, 3, 1)) CHECK(fold.held.size() >= 1);
  CHECK_THROWS_WITH(k_folds(data, 4, 1), Catch::Contains("4 folds") && Catch::Contains("3 different pictures"));
  CHECK_THROWS_WITH(k_folds(data, 1, 1), Catch::Contains("at least 2"));
  CHECK_THROWS_AS(k_folds(data, -1, 1), Error);
}

TEST_CASE("fingerprint: changes with every part of the data but the names") {
  const Dataset data = made_of({"a", "b"}, {{1, 0}, {2, 1}});
  const auto base = data_fingerprint(data);
  CHECK(base.size() == 32);
  Dataset other = data;
  other.names[0] = "elsewhere";
  CHECK(data_fingerprint(other) == base);
  other.pixels[3] ^= 1;
  CHECK(data_fingerprint(other) != base);
  other = data;
  other.labels[1] = 0;
  CHECK(data_fingerprint(other) != base);
  other = data;
  other.classes = {"a", "c"};
  CHECK(data_fingerprint(other) != base);
  other = data;
  std::swap(other.height, other.width);
  CHECK(data_fingerprint(other) != base);
}
