// SPDX-License-Identifier: Apache-2.0
#include "mien/emotion/live_recognizer.hpp"

#include "mien/core/error.hpp"
#include "mien/data/grey.hpp"
#include "mien/ops/parallel.hpp"
#include "mien/vision/combined_detectors.hpp"

#include <algorithm>
#include <utility>

namespace mien {
namespace {

/// The next multiple of `step` at or below.
int snapped(int value, int step) noexcept { return value - ((value % step) + step) % step; }

/// Where a known face is looked for: about half its size around the place where it is expected, a quarter larger or
/// smaller. The region jumps in steps, so that a face that stands still is looked at through the same windows.
Search around(const Box& box) noexcept {
  const int step = std::max(box.width / 4, 1);
  return {.region = {snapped(box.x - box.width / 2, step), snapped(box.y - box.height / 2, step), 9 * step, 9 * step},
          .least = box.width * 2 / 3,
          .most = box.width * 3 / 2};
}

void expect_in_range(const LiveSettings& settings) {
  if (!(settings.whole_every >= 0 && settings.whole_every <= 3600))
    throw Error(concat("live recognition: a look at the whole frame every ", settings.whole_every,
                       " seconds, expected 0 to 3600"));
  (void)SteadyLabel(settings.steadiness); // says now what would be said when the first face appears
}

} // namespace

LiveRecognizer::LiveRecognizer(Recognizer recognizer, const LiveSettings& settings)
    : recognizer_(std::move(recognizer)), settings_(settings), tracker_(settings.tracker) {
  expect_in_range(settings);
}

bool LiveRecognizer::looks_wholly(double time) {
  const bool wholly = !whole_ || time - *whole_ >= settings_.whole_every;
  if (wholly) whole_ = time;
  return wholly;
}

/// Of faces that are no longer followed nothing is kept.
void LiveRecognizer::forget() {
  std::erase_if(labels_,
                [&](const auto& known) { return !std::ranges::count(tracker_.tracks(), known.first, &Track::id); });
}

SteadyLabel& LiveRecognizer::steady_label(std::uint64_t id) {
  const auto known = std::ranges::find(labels_, id, &std::pair<std::uint64_t, SteadyLabel>::first);
  if (known != labels_.end()) return known->second;
  return labels_.emplace_back(id, SteadyLabel(settings_.steadiness)).second;
}

std::vector<Detection> LiveRecognizer::look(const Image& grey, double time, int threads) {
  const auto& detector = recognizer_.finder().detector();
  std::vector<Detection> all;
  if (looks_wholly(time)) all = detector.detect(grey, threads);
  const auto tracks = tracker_.tracks();
  std::vector<std::vector<Detection>> near(tracks.size());
  parallel_for(threads, static_cast<int>(tracks.size()), [&](int part, int) {
    const auto i = static_cast<std::size_t>(part);
    near[i] = detector.detect_in(grey, around(expected(tracks[i], time)));
  });
  for (const auto& some : near) all.insert(all.end(), some.begin(), some.end());
  return without_doubles(all);
}

void LiveRecognizer::steady(LiveFace& face, double time) {
  auto& steady = steady_label(face.id);
  steady.update(face.probabilities, time);
  face.probabilities.assign(steady.probabilities().begin(), steady.probabilities().end());
  face.label = steady.label() ? labels()[*steady.label()] : "";
}

std::vector<LiveFace> LiveRecognizer::recognize(const Image& picture, double time, int threads) {
  std::vector<std::uint64_t> ids;
  std::vector<FoundFace> found;
  if (settings_.track) {
    const auto detections = look(to_grey(picture), time, threads);
    const auto tracks = tracker_.update(detections, time);
    for (const auto& track : tracks) {
      if (!track.detection) continue;
      ids.push_back(track.id);
      found.push_back(recognizer_.finder().found(picture, detections[*track.detection]));
    }
    forget();
  } else {
    found = recognizer_.finder().find(picture, threads);
    ids.assign(found.size(), 0);
  }

  std::vector<LiveFace> faces;
  for (const auto& face : recognizer_.name(picture, found, threads)) {
    LiveFace live{.id = ids[faces.size()], .face = face, .label = face.label, .probabilities = face.probabilities};
    if (settings_.track && settings_.steady) steady(live, time);
    faces.push_back(std::move(live));
  }
  return faces;
}

void LiveRecognizer::repeat(std::span<const LiveFace> faces, double time) {
  if (!settings_.track) return;
  std::vector<std::uint64_t> ids;
  std::vector<Detection> detections;
  for (const auto& face : faces) {
    ids.push_back(face.id);
    detections.push_back({.box = face.face.box, .score = face.face.score, .roll = face.face.roll});
  }
  (void)looks_wholly(time);
  (void)tracker_.repeat(ids, detections, time);
  forget();
  if (!settings_.steady) return;
  for (const auto& face : faces) {
    const auto label = std::ranges::find(labels(), face.label);
    if (face.probabilities.size() != labels().size() || (label == labels().end() && !face.label.empty()))
      throw Error(concat("live recognition: face ", face.id, " of another model, \"", face.label, "\" with ",
                         face.probabilities.size(), " probabilities"));
    std::optional<std::size_t> place;
    if (!face.label.empty()) place = static_cast<std::size_t>(label - labels().begin());
    steady_label(face.id).resume(face.probabilities, place, time);
  }
}

void LiveRecognizer::reset() {
  tracker_.reset();
  labels_.clear();
  whole_.reset();
}

} // namespace mien
