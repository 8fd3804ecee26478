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

/// The face is seen in `box`.
void see(Track& track, const Box& box, double time) noexcept {
  const double gone = time - track.last;
  if (gone > 0) {
    const double share = 1 - math::exp(-gone / motion_learns);
    const Box& from = track.box;
    track.vx += share * ((centre(box.x, box.width) - centre(from.x, from.width)) / gone - track.vx);
    track.vy += share * ((centre(box.y, box.height) - centre(from.y, from.height)) / gone - track.vy);
  }
  track.box = box;
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

std::vector<std::optional<std::size_t>> Tracker::dealt(std::span<const Detection> detections,
                                                       std::span<const std::size_t> chosen, double time) const {
  std::vector<double> costs;
  for (const auto i : chosen) {
    for (const auto& track : tracks_) {
      // Who stopped is where they were, who moved on is where they are expected.
      const auto& box = detections[i].box;
      const double share = std::max(overlap(expected(track, time), box), overlap(track.box, box));
      costs.push_back(share < settings_.least_overlap ? forbidden : 1 - share);
    }
  }
  const auto pairs = assignment(costs, chosen.size(), tracks_.size());
  std::vector<std::optional<std::size_t>> tracks(chosen.size());
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (pairs[i] < 0) continue;
    const auto track = static_cast<std::size_t>(pairs[i]);
    if (costs[i * tracks_.size() + track] < forbidden) tracks[i] = track;
  }
  return tracks;
}

void Tracker::begin(double time) {
  if (!std::isfinite(time)) throw Error("tracker: a time that is not finite");
  if (time_ && time < *time_)
    throw Error(
        concat("tracker: the time goes back, from ", *time_, " to ", time, " s; reset() begins another stream"));
  time_ = time;
  std::erase_if(tracks_, [&](const Track& track) { return time - track.last > settings_.patience; });
  for (auto& track : tracks_) track.detection.reset();
}

std::span<const Track> Tracker::update(std::span<const Detection> detections, double time) {
  begin(time);
  const auto chosen = followed(detections);
  const auto tracks = dealt(detections, chosen, time);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (!tracks[i]) tracks_.push_back({.id = next_++, .first = time, .last = time});
    auto& track = tracks[i] ? tracks_[*tracks[i]] : tracks_.back();
    track.detection = chosen[i];
    see(track, detections[chosen[i]].box, time);
  }
  while (tracks_.size() > settings_.most) tracks_.erase(std::ranges::min_element(tracks_, {}, &Track::last));
  return tracks_;
}

std::span<const Track> Tracker::repeat(std::span<const std::uint64_t> ids, std::span<const Detection> detections,
                                       double time) {
  if (ids.size() != detections.size())
    throw Error(concat("tracker: ", ids.size(), " numbers for ", detections.size(), " detections"));
  begin(time);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    auto track = std::ranges::find(tracks_, ids[i], &Track::id);
    if (ids[i] == 0 || (track != tracks_.end() && track->detection))
      throw Error(concat("tracker: the number ", ids[i], ", expected each once, from 1"));
    if (track == tracks_.end()) {
      track = std::ranges::lower_bound(tracks_, ids[i], {}, &Track::id);
      track = tracks_.insert(track, {.id = ids[i], .first = time, .last = time});
      next_ = std::max(next_, ids[i] + 1);
    }
    track->detection = i;
    see(*track, detections[i].box, time);
  }
  while (tracks_.size() > settings_.most) tracks_.erase(std::ranges::min_element(tracks_, {}, &Track::last));
  return tracks_;
}

void Tracker::reset() noexcept {
  tracks_.clear();
  time_.reset();
}

} // namespace mien
