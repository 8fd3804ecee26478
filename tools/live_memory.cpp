// SPDX-License-Identifier: Apache-2.0
#include "tools/live_memory.hpp"

#include <algorithm>

namespace mien::cli {
namespace {

constexpr double window = 2, remembered = 1; // seconds

} // namespace

void Pace::add(double now) {
  times_.push_back(now);
  while (times_.front() < now - window) times_.pop_front();
}

double Pace::a_second(double now) const {
  const auto recent = std::ranges::find_if(times_, [&](double time) { return time >= now - window; });
  const auto count = times_.end() - recent;
  return count < 2 || now <= *recent ? 0 : static_cast<double>(count - 1) / (times_.back() - *recent);
}

void Hiding::add(const std::vector<LiveFace>& faces, double now) {
  const auto covered = [&](const Box& old) {
    const int x = old.x + old.width / 2, y = old.y + old.height / 2;
    return std::ranges::any_of(faces, [&](const LiveFace& face) {
      const auto& box = face.face.box;
      return x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
    });
  };
  std::erase_if(boxes_, [&](const auto& old) { return old.first < now - remembered || covered(old.second); });
  for (const auto& face : faces) boxes_.emplace_back(now, face.face.box);
}

std::vector<Box> Hiding::boxes() const {
  std::vector<Box> boxes;
  for (const auto& [time, box] : boxes_) boxes.push_back(box);
  return boxes;
}

} // namespace mien::cli
