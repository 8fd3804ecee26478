// SPDX-License-Identifier: Apache-2.0
#include "mien/vision/tracker.hpp"

#include "mien/core/error.hpp"
#include "mien/core/math.hpp"
#include "mien/vision/assignment.hpp"
#include "mien/vision/overlap.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace mien {
namespace {

/// Seconds after which a third of a motion is left.
constexpr double motion_dies = 0.5;
/// How fast the motion that is believed follows the one that is seen, in seconds: boxes jitter by a pixel or two.
constexpr double motion_learns = 0.15;
/// What a pair that may not be costs: more than any number of pairs that may.
constexpr double forbidden = 1e6;

double centre(int from, int size) noexcept { return from + size / 2.0; }

int rounded(double value) noexcept { return static_cast<int>(std::floor(value + 0.5)); }

/// The face is seen at `detection`.
void see(Track& track, const Detection& detection, double time) noexcept {
  const double gone = time - track.last;
  if (gone > 0) {
    const double share = 1 - math::exp(-gone / motion_learns);
    const Box &to = detection.box, &from = track.box;
    track.vx += share * ((centre(to.x, to.width) - centre(from.x, from.width)) / gone - track.vx);
    track.vy += share * ((centre(to.y, to.height) - centre(from.y, from.height)) / gone - track.vy);
  }
  track.box = detection.box;
  track.last = time;
}

} // namespace

Box expected(const Track& track, double time) noexcept {
  const double seconds = motion_dies * (1 - math::exp(-std::max(time - track.last, 0.0) / motion_dies));
  // No face moves further than pictures are wide: what does is noise, and must not leave the range of int.
  constexpr double furthest = 1e6;
  Box box = track.box;
  box.x = rounded(std::clamp(box.x + track.vx * seconds, -furthest, furthest));
  box.y = rounded(std::clamp(box.y + track.vy * seconds, -furthest, furthest));
  return box;
}

Tracker::Tracker(const TrackerSettings& settings) : settings_(settings) {
  if (!(settings.least_overlap > 0 && settings.least_overlap <= 1))
    throw Error(concat("tracker: a least overlap of ", settings.least_overlap, ", expected above 0, up to 1"));
  if (!(settings.patience >= 0 && settings.patience <= 3600))
    throw Error(concat("tracker: a patience of ", settings.patience, " seconds, expected 0 to 3600"));
  if (settings.most < 1 || settings.most > 1000)
    throw Error(concat("tracker: at most ", settings.most, " faces, expected 1 to 1000"));
}

std::vector<std::size_t> Tracker::followed(std::span<const Detection> detections) const {
  std::vector<std::size_t> chosen(detections.size());
  std::iota(chosen.begin(), chosen.end(), std::size_t{0});
  const auto area = [&](std::size_t i) { return -double{1} * detections[i].box.width * detections[i].box.height; };
  std::ranges::stable_sort(chosen, {}, area);
  if (chosen.size() > settings_.most) chosen.resize(settings_.most);
  std::ranges::sort(chosen);
  return chosen;
}

std::vector<int> Tracker::dealt(std::span<const Detection> detections, std::span<const std::size_t> chosen,
                                double time) const {
  std::vector<double> costs;
  for (const auto& track : tracks_) {
    const Box there = expected(track, time);
    for (const auto i : chosen) {
      // Who stopped is where they were, who moved on is where they are expected.
      const double share = std::max(overlap(there, detections[i].box), overlap(track.box, detections[i].box));
      costs.push_back(share < settings_.least_overlap ? forbidden : 1 - share);
    }
  }
  auto pairs = assignment(costs, tracks_.size(), chosen.size());
  for (std::size_t t = 0; t < pairs.size(); ++t) {
    const auto column = pairs[t];
    if (column >= 0 && costs[t * chosen.size() + static_cast<std::size_t>(column)] >= forbidden) pairs[t] = -1;
  }
  return pairs;
}

std::span<const Track> Tracker::update(std::span<const Detection> detections, double time) {
  if (!std::isfinite(time)) throw Error("tracker: a time that is not finite");
  if (time_ && time < *time_)
    throw Error(
        concat("tracker: the time goes back, from ", *time_, " to ", time, " s; reset() begins another stream"));
  time_ = time;

  std::erase_if(tracks_, [&](const Track& track) { return time - track.last > settings_.patience; });
  const auto chosen = followed(detections);
  const auto pairs = dealt(detections, chosen, time);
  std::vector<bool> taken(chosen.size(), false);
  for (std::size_t t = 0; t < pairs.size(); ++t) {
    auto& track = tracks_[t];
    track.detection.reset();
    if (pairs[t] < 0) continue;
    const auto place = static_cast<std::size_t>(pairs[t]);
    taken[place] = true;
    track.detection = chosen[place];
    see(track, detections[chosen[place]], time);
  }
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (taken[i]) continue;
    tracks_.push_back({next_++, detections[chosen[i]].box, time, time, chosen[i]});
  }
  while (tracks_.size() > settings_.most) tracks_.erase(std::ranges::min_element(tracks_, {}, &Track::last));
  return tracks_;
}

void Tracker::reset() noexcept {
  tracks_.clear();
  time_.reset();
}

} // namespace mien
