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
    const auto classes = data.targets.empty() ? 0 : data.classes.size();
    for (std::size_t c = 0; c < classes; ++c) data.targets[to * classes + c] = data.targets[from * classes + c];
    if (!data.names.empty()) data.names[to] = std::move(data.names[from]);
  }
  data.pixels.resize(kept.size() * data.picture_bytes());
  data.labels.resize(kept.size());
  if (!data.targets.empty()) data.targets.resize(kept.size() * data.classes.size());
  if (!data.names.empty()) data.names.resize(kept.size());
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
    Rng rng(seed, Purpose::split, 0, static_cast<std::uint32_t>(c));
    for (std::size_t n = groups.size(); n > 1; --n) { // Fisher and Yates
      std::swap(groups[n - 1], groups[rng.below(static_cast<std::uint32_t>(n))]);
    }
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
