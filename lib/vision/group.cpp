// SPDX-License-Identifier: Apache-2.0
#include "lib/vision/group.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

namespace mien {
namespace {

constexpr double tolerance = 0.2;

int rounded(double value) noexcept { return static_cast<int>(std::nearbyint(value)); }

bool agree(const Box& a, const Box& b) noexcept {
  const double most = tolerance * (std::min(a.width, b.width) + std::min(a.height, b.height)) * 0.5;
  return std::abs(a.x - b.x) <= most && std::abs(a.y - b.y) <= most &&
         std::abs(a.x + a.width - b.x - b.width) <= most && std::abs(a.y + a.height - b.y - b.height) <= most;
}

/// Sets that are joined; each is known by its first member.
class Sets {
public:
  explicit Sets(std::size_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }

  std::size_t first(std::size_t i) noexcept {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::size_t i, std::size_t j) noexcept {
    i = first(i);
    j = first(j);
    parent_[std::max(i, j)] = std::min(i, j);
  }

private:
  std::vector<std::size_t> parent_;
};

Sets connected(std::span<const Detection> windows) {
  Sets sets(windows.size());
  std::vector<std::size_t> by_x(windows.size());
  std::iota(by_x.begin(), by_x.end(), std::size_t{0});
  std::ranges::sort(by_x, {}, [&](std::size_t i) { return windows[i].box.x; });
  for (auto i = by_x.begin(); i != by_x.end(); ++i) {
    const auto& box = windows[*i].box;
    const double reach = tolerance * (box.width + box.height) * 0.5; // nothing further to the right agrees
    for (auto j = i + 1; j != by_x.end() && windows[*j].box.x - box.x <= reach; ++j)
      if (agree(box, windows[*j].box)) sets.join(*i, *j);
  }
  return sets;
}

/// The mean of the windows added; single precision and the order of operations are OpenCV's.
struct Group {
  int x = 0, y = 0, width = 0, height = 0;
  Detection mean{{}, 0, 0, 0};

  void add(const Detection& window) noexcept {
    x += window.box.x;
    y += window.box.y;
    width += window.box.width;
    height += window.box.height;
    mean.score = mean.neighbors++ == 0 ? window.score : std::max(mean.score, window.score);
  }
  void finish() noexcept {
    const float share = 1.0f / static_cast<float>(mean.neighbors);
    const auto of = [&](int sum) { return rounded(static_cast<float>(sum) * share); };
    mean.box = {of(x), of(y), of(width), of(height)};
  }
};

bool inside(const Detection& small, const Detection& large) noexcept {
  const auto &a = small.box, &b = large.box;
  const int dx = rounded(b.width * tolerance), dy = rounded(b.height * tolerance);
  return a.x >= b.x - dx && a.y >= b.y - dy && a.x + a.width <= b.x + b.width + dx &&
         a.y + a.height <= b.y + b.height + dy && (large.neighbors > small.neighbors || small.neighbors < 3);
}

} // namespace

std::vector<Detection> grouped(std::span<const Detection> windows, int min_neighbors) {
  if (min_neighbors <= 0) return {windows.begin(), windows.end()};
  std::vector<Group> groups;
  std::vector<std::size_t> group_of(windows.size());
  auto sets = connected(windows);
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const auto first = sets.first(i);
    if (first == i) {
      group_of[i] = groups.size();
      groups.emplace_back();
    }
    groups[group_of[first]].add(windows[i]);
  }
  std::erase_if(groups, [&](const Group& group) { return group.mean.neighbors <= min_neighbors; });
  for (auto& group : groups) group.finish();

  std::vector<Detection> boxes;
  for (const auto& group : groups) {
    const auto covers = [&](const Group& other) { return &other != &group && inside(group.mean, other.mean); };
    if (std::ranges::none_of(groups, covers)) boxes.push_back(group.mean);
  }
  return boxes;
}

std::vector<Detection> clipped(std::vector<Detection> boxes, int width, int height) {
  for (auto& [box, score, neighbors, roll] : boxes) {
    const int right = std::min(box.x + box.width, width), bottom = std::min(box.y + box.height, height);
    box.x = std::max(box.x, 0);
    box.y = std::max(box.y, 0);
    box.width = right - box.x;
    box.height = bottom - box.y;
  }
  std::erase_if(boxes, [](const Detection& found) { return found.box.width <= 0 || found.box.height <= 0; });
  return boxes;
}

} // namespace mien
