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

/// Where a known face is looked for: half its size around the place where it is expected, a quarter larger or smaller.
Search around(const Box& box) noexcept {
  return {.region = {box.x - box.width / 2, box.y - box.height / 2, 2 * box.width, 2 * box.height},
          .least = box.width * 4 / 5,
          .most = box.width * 5 / 4};
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

std::vector<Detection> LiveRecognizer::look(const Image& grey, double time, int threads) {
  const auto& detector = recognizer_.finder().detector();
  std::vector<Detection> all;
  if (!whole_ || time - *whole_ >= settings_.whole_every) {
    all = detector.detect(grey, threads);
    whole_ = time;
  }
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
  auto known = std::ranges::find(labels_, face.id, &std::pair<std::uint64_t, SteadyLabel>::first);
  if (known == labels_.end()) known = labels_.emplace(known, face.id, SteadyLabel(settings_.steadiness));
  auto& steady = known->second;
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
    std::erase_if(labels_, [&](const auto& known) { return !std::ranges::count(tracks, known.first, &Track::id); });
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

void LiveRecognizer::reset() {
  tracker_.reset();
  labels_.clear();
  whole_.reset();
}

} // namespace mien
