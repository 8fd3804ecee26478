// SPDX-License-Identifier: Apache-2.0
#include "mien/data/split.hpp"

#include "lib/data/first_copies.hpp"
#include "mien/core/error.hpp"
#include "mien/core/rng.hpp"
#include "mien/data/packed_pictures.hpp"
#include "mien/io/digest.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

namespace mien {
namespace {

using Group = std::vector<std::size_t>; // copies of one picture
using Counts = std::vector<std::size_t>;

/// The groups of copies whose first picture has this label, in the order of those pictures.
std::vector<std::vector<Group>> groups_by_class(const Dataset& data) {
  const auto firsts = first_copies(data);
  std::map<std::size_t, Group> groups;
  for (std::size_t i = 0; i < firsts.size(); ++i) groups[firsts[i]].push_back(i);
  std::vector<std::vector<Group>> by_class(data.classes.size());
  for (auto& [first, group] : groups) {
    by_class.at(static_cast<std::size_t>(data.label(first))).push_back(std::move(group));
  }
  return by_class;
}

Counts counts_of(const Group& group, const Dataset& data) {
  Counts counts(data.classes.size());
  for (const auto i : group) ++counts.at(static_cast<std::size_t>(data.label(i)));
  return counts;
}

/// True if no class has more pictures held than wanted once this group is held too.
bool fits(const Counts& held, const Counts& more, const Counts& wanted) {
  for (std::size_t c = 0; c < held.size(); ++c) {
    if (more[c] > 0 && held[c] + more[c] > wanted[c]) return false;
  }
  return true;
}

/// Moves these pictures, in rising order, to the front of their memory; the others are gone.
void keep(Dataset& data, const std::vector<std::size_t>& kept) {
  const auto size = static_cast<std::ptrdiff_t>(data.picture_bytes());
  for (std::size_t to = 0; to < kept.size(); ++to) {
    const auto from = kept[to];
    if (from == to) continue;
    const auto pixels = data.pixels.begin() + static_cast<std::ptrdiff_t>(from) * size;
    std::copy(pixels, pixels + size, data.pixels.begin() + static_cast<std::ptrdiff_t>(to) * size);
    data.labels[to] = data.labels[from];
    const auto target = data.target(from);
    std::ranges::copy(target, data.targets.begin() + std::ssize(target) * static_cast<std::ptrdiff_t>(to));
    if (!data.names.empty()) data.names[to] = std::move(data.names[from]);
  }
  data.pixels.resize(kept.size() * data.picture_bytes());
  data.labels.resize(kept.size());
  if (!data.targets.empty()) data.targets.resize(kept.size() * data.classes.size());
  if (!data.names.empty()) data.names.resize(kept.size());
}

/// Mixes the groups of class c. Source: Fisher and Yates 1938, Durstenfeld 1964.
void mix(std::vector<Group>& groups, std::uint64_t seed, Purpose purpose, std::size_t c) {
  Rng rng(seed, purpose, 0, static_cast<std::uint32_t>(c));
  for (std::size_t n = groups.size(); n > 1; --n)
    std::swap(groups[n - 1], groups[rng.below(static_cast<std::uint32_t>(n))]);
}

/// A group of copies that is to be dealt.
struct Hand {
  Group pictures;
  Counts counts;        // of its pictures, by class
  bool has_many_labels; // dealt first: what follows evens out what these upset in other classes
};

std::vector<Hand> hands(const Dataset& data, std::uint64_t seed) {
  std::vector<Hand> all;
  auto by_class = groups_by_class(data);
  for (std::size_t c = 0; c < by_class.size(); ++c) {
    mix(by_class[c], seed, Purpose::folds, c);
    for (auto& group : by_class[c]) {
      auto counts = counts_of(group, data);
      const bool many = counts[c] < group.size();
      all.push_back({std::move(group), std::move(counts), many});
    }
  }
  std::ranges::stable_sort(all, [](const Hand& a, const Hand& b) {
    return std::pair(b.has_many_labels, b.pictures.size()) < std::pair(a.has_many_labels, a.pictures.size());
  });
  return all;
}

/// One of the folds as they are dealt.
struct Fold {
  std::size_t size = 0;
  Counts counts;

  /// How little this fold needs the group: its pictures of the group's classes, then all.
  [[nodiscard]] std::pair<std::size_t, std::size_t> fullness(const Counts& more) const {
    std::size_t same = 0;
    for (std::size_t c = 0; c < counts.size(); ++c) same += more[c] * counts[c];
    return {same, size};
  }
};

void expect_folds(int k, std::size_t groups) {
  if (k < 2) throw Error(concat("folds: their number is ", k, ", it must be at least 2; 5 and 10 are usual"));
  if (static_cast<std::size_t>(k) > groups)
    throw Error(concat("folds: ", k, " folds cannot be made of ", groups,
                       " different pictures (copies stay together); ask for fewer folds"));
}

void expect_fraction(double fraction) {
  if (!(fraction > 0 && fraction < 1)) {
    throw Error(concat("holdout: the fraction is ", fraction, ", it must lie between 0 and 1; 0.1 is usual"));
  }
}

} // namespace

Holdout holdout(const Dataset& data, double fraction, std::uint64_t seed) {
  expect_fraction(fraction);
  Counts wanted = data.counts(), held(data.classes.size());
  for (auto& n : wanted)
    n = std::max<std::size_t>(1, static_cast<std::size_t>(std::floor(fraction * static_cast<double>(n) + 0.5)));

  std::vector<bool> is_held(data.size());
  const auto hold = [&](const Group& group, const Counts& counts) {
    for (const auto i : group) is_held[i] = true;
    for (std::size_t c = 0; c < held.size(); ++c) held[c] += counts[c];
  };
  auto by_class = groups_by_class(data);
  for (std::size_t c = 0; c < by_class.size(); ++c) {
    auto& groups = by_class[c];
    mix(groups, seed, Purpose::split, c);
    std::size_t left = groups.size();
    for (const auto& group : groups) {
      if (held[c] >= wanted[c] || left == 1) break; // the last group is always kept
      const auto counts = counts_of(group, data);
      if (fits(held, counts, wanted)) {
        hold(group, counts);
        --left;
      }
    }
    if (held[c] == 0 && groups.size() > 1) { // every group is larger than wanted: the smallest will do
      const auto& smallest = *std::ranges::min_element(groups, {}, &Group::size);
      hold(smallest, counts_of(smallest, data));
    }
  }
  Holdout result;
  for (std::size_t i = 0; i < data.size(); ++i) (is_held[i] ? result.held : result.kept).push_back(i);
  return result;
}

std::vector<Holdout> k_folds(const Dataset& data, int k, std::uint64_t seed) {
  const auto groups = hands(data, seed);
  expect_folds(k, groups.size());
  std::vector<Fold> folds(static_cast<std::size_t>(k), {0, Counts(data.classes.size())});
  std::vector<std::size_t> fold_of(data.size());
  for (const auto& group : groups) {
    const auto least =
        std::ranges::min_element(folds, {}, [&](const Fold& fold) { return fold.fullness(group.counts); });
    least->size += group.pictures.size();
    for (std::size_t c = 0; c < group.counts.size(); ++c) least->counts[c] += group.counts[c];
    for (const auto i : group.pictures) fold_of[i] = static_cast<std::size_t>(least - folds.begin());
  }
  std::vector<Holdout> result(folds.size());
  for (std::size_t i = 0; i < data.size(); ++i)
    for (std::size_t f = 0; f < result.size(); ++f) (f == fold_of[i] ? result[f].held : result[f].kept).push_back(i);
  return result;
}

Split split(const Dataset& data, double fraction, std::uint64_t seed) {
  expect_fraction(fraction);
  if (!data.packed) {
    const auto [kept, held] = holdout(data, fraction, seed);
    return {data.subset(kept), data.subset(held)};
  }
  auto sides = data.packed->split(fraction, seed);
  Split result{data, data};
  result.kept.packed = std::make_shared<const PackedPictures>(std::move(sides.kept));
  result.held.packed = std::make_shared<const PackedPictures>(std::move(sides.held));
  return result;
}

Split split(Dataset&& data, double fraction, std::uint64_t seed) {
  if (data.packed) return split(std::as_const(data), fraction, seed);
  const auto [kept, held] = holdout(data, fraction, seed);
  auto held_pictures = data.subset(held);
  keep(data, kept);
  return {std::move(data), std::move(held_pictures)};
}

std::vector<std::size_t> first_copies(const Dataset& data) {
  return first_copies(data.size(), [&](std::size_t i) { return data.picture(i); });
}

std::string data_fingerprint(const Dataset& data) {
  if (data.packed) return data.packed->fingerprint();
  Digest digest;
  // A text before the arrays keeps {"ab"} and {"a", "b"}, or 2x8 and 4x4 pixels, apart.
  std::string text = concat("mien data 1\n", data.size(), " ", data.height, " ", data.width, " ", data.channels, "\n");
  for (const auto& name : data.classes) text += std::to_string(name.size()) + ":" + name + "\n";
  digest.update(std::as_bytes(std::span(text)));
  digest.update(std::as_bytes(std::span(data.labels)));
  digest.update(std::as_bytes(std::span(data.pixels)));
  digest.update(std::as_bytes(std::span(data.targets))); // none: nothing changes
  return digest.hex();
}

} // namespace mien
