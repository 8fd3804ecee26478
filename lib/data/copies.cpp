// SPDX-License-Identifier: Apache-2.0
#include "mien/data/copies.hpp"

#include "lib/data/first_copies.hpp"
#include "mien/core/error.hpp"
#include "mien/data/split.hpp"
#include "mien/ops/parallel.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

namespace mien {
namespace {

constexpr int most_differing = 10;
constexpr double least_correlation = 0.95;

/// Both parts as one row of pictures.
class Both {
public:
  Both(const Dataset& train, const Dataset& test) : train_(train), test_(test) {
    const bool alike = train.height == test.height && train.width == test.width && train.channels == test.channels;
    if (train.size() > 0 && test.size() > 0 && !alike)
      throw Error("copies: training and test pictures have different sizes; read them with one preprocessing");
  }
  [[nodiscard]] std::size_t size() const { return train_.size() + test_.size(); }
  [[nodiscard]] bool is_test(std::size_t i) const { return i >= train_.size(); }
  [[nodiscard]] std::span<const std::uint8_t> picture(std::size_t i) const {
    return is_test(i) ? test_.picture(i - train_.size()) : train_.picture(i);
  }
  [[nodiscard]] const std::string& label(std::size_t i) const {
    const auto& part = is_test(i) ? test_ : train_;
    return part.classes[static_cast<std::size_t>(part.label(is_test(i) ? i - train_.size() : i))];
  }
  [[nodiscard]] const Dataset& shape() const { return train_.size() > 0 ? train_ : test_; }

private:
  const Dataset &train_, &test_;
};

/// For every picture the first one of its group -> the groups of two or more, and what they mean.
Copies counted(const Both& both, const std::vector<std::size_t>& first) {
  Copies copies;
  std::unordered_map<std::size_t, std::size_t> place;
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const auto [found, is_new] = place.emplace(first[i], groups.size());
    if (is_new) groups.emplace_back();
    groups[found->second].push_back(i);
  }
  for (auto& group : groups) {
    if (group.size() < 2) continue;
    const auto tests = static_cast<std::size_t>(std::ranges::count_if(group, [&](auto i) { return both.is_test(i); }));
    const auto trains = group.size() - tests;
    std::set<std::string> labels;
    for (const auto i : group) labels.insert(both.label(i));
    copies.within_train += trains > 0 ? trains - 1 : 0;
    copies.within_test += tests > 0 ? tests - 1 : 0;
    copies.across += trains > 0 ? tests : 0;
    copies.contradictions += labels.size() > 1;
    copies.groups.push_back(std::move(group));
  }
  return copies;
}

std::vector<std::size_t> firsts(const Both& both) {
  return first_copies(both.size(), [&](std::size_t i) { return both.picture(i); });
}

/// A picture as near_copies() compares it.
struct Sketch {
  std::uint64_t gradients = 0;
  double mean = 0, deviation = 0;
};

Sketch sketch(std::span<const std::uint8_t> picture, const Dataset& shape) {
  constexpr int across = 9, down = 8;
  Sketch result;
  double means[down][across] = {}, counts[down][across] = {}, squares = 0;
  const auto row = static_cast<std::size_t>(shape.width) * static_cast<std::size_t>(shape.channels);
  for (std::size_t i = 0; i < picture.size(); ++i) {
    const auto y = i / row * down / static_cast<std::size_t>(shape.height), x = i % row * across / row;
    means[y][x] += picture[i];
    counts[y][x] += 1;
    result.mean += picture[i];
    squares += double{1} * picture[i] * picture[i];
  }
  const auto n = static_cast<double>(picture.size());
  result.mean /= n;
  result.deviation = std::sqrt(std::max(squares / n - result.mean * result.mean, 0.0));
  for (int y = 0; y < down; ++y)
    for (int x = 0; x + 1 < across; ++x)
      result.gradients = result.gradients << 1 | (means[y][x] * counts[y][x + 1] > means[y][x + 1] * counts[y][x]);
  return result;
}

double correlation(const Both& both, std::size_t i, std::size_t j, const Sketch& a, const Sketch& b) {
  const auto x = both.picture(i), y = both.picture(j);
  double products = 0;
  for (std::size_t k = 0; k < x.size(); ++k) products += double{1} * x[k] * y[k];
  const double covariance = products / static_cast<double>(x.size()) - a.mean * b.mean;
  return a.deviation > 0 && b.deviation > 0 ? covariance / (a.deviation * b.deviation) : 0;
}

/// Groups that grow together; the smallest member stands for each.
class Union {
public:
  explicit Union(std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }
  std::size_t find(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::size_t i, std::size_t j) {
    i = find(i);
    j = find(j);
    parent_[std::max(i, j)] = std::min(i, j);
  }

private:
  std::vector<std::size_t> parent_;
};

} // namespace

Copies exact_copies(const Dataset& train, const Dataset& test) {
  const Both both(train, test);
  return counted(both, firsts(both));
}

Copies near_copies(const Dataset& train, const Dataset& test, int threads) {
  const Both both(train, test);
  const auto n = both.size();
  if (n > most_compared)
    throw Error(concat("copies: ", n, " pictures are too many to compare each with each, ", most_compared, " can be"));
  const auto first = firsts(both);
  std::vector<Sketch> sketches(n);
  parallel_for(threads, static_cast<int>(n), [&](int part, int) {
    const auto i = static_cast<std::size_t>(part);
    sketches[i] = sketch(both.picture(i), both.shape());
  });
  std::vector<std::vector<std::size_t>> pairs(n);
  parallel_for(threads, static_cast<int>(n), [&](int part, int) {
    const auto i = static_cast<std::size_t>(part);
    if (first[i] != i) return;
    for (std::size_t j = i + 1; j < n; ++j) {
      if (std::popcount(sketches[i].gradients ^ sketches[j].gradients) > most_differing || first[j] != j) continue;
      if (correlation(both, i, j, sketches[i], sketches[j]) >= least_correlation) pairs[i].push_back(j);
    }
  });
  Union groups(n);
  for (std::size_t i = 0; i < n; ++i)
    for (const auto j : pairs[i]) groups.join(i, j);
  std::vector<std::size_t> representative(n);
  for (std::size_t i = 0; i < n; ++i) representative[i] = groups.find(i);
  return counted(both, representative);
}

Dataset without_copies(const Dataset& data) {
  const auto first = first_copies(data);
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < first.size(); ++i)
    if (first[i] == i) kept.push_back(i);
  return data.subset(kept);
}

Dataset without_contradictions(const Dataset& data) {
  const auto first = first_copies(data);
  std::set<std::size_t> contradicting;
  for (std::size_t i = 0; i < first.size(); ++i)
    if (data.label(i) != data.label(first[i])) contradicting.insert(first[i]);
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < first.size(); ++i)
    if (!contradicting.contains(first[i])) kept.push_back(i);
  return data.subset(kept);
}

} // namespace mien
