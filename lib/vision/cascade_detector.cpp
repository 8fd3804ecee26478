// SPDX-License-Identifier: Apache-2.0
#include "mien/vision/cascade_detector.hpp"

#include "lib/vision/cascade_check.hpp"
#include "lib/vision/group.hpp"
#include "lib/vision/part.hpp"
#include "lib/vision/scan.hpp"
#include "mien/core/error.hpp"
#include "mien/data/grey.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace mien {
namespace {

void expect_in_range(const CascadeSettings& s) {
  if (!(s.scale_factor >= 1.01 && s.scale_factor <= 10))
    throw Error(concat("cascade: scale factor ", s.scale_factor, ", expected 1.01 to 10"));
  if (s.min_neighbors < 0) throw Error(concat("cascade: ", s.min_neighbors, " neighbours, expected 0 or more"));
  if (s.min_face < 0 || s.max_face < 0)
    throw Error(concat("cascade: faces of ", s.min_face, " to ", s.max_face, " pixels, expected 0 or more"));
}

Image grey_of(const Image& picture) {
  const auto bytes = std::int64_t{picture.width} * picture.height * picture.channels;
  if (picture.width < 1 || picture.height < 1 || (picture.channels != 1 && picture.channels != 3) ||
      bytes != static_cast<std::int64_t>(picture.pixels.size()))
    throw Error(concat("detect: ", picture.pixels.size(), " bytes for a picture of ", picture.width, "x",
                       picture.height, " pixels with ", picture.channels,
                       " channels; expected 1 or 3 channels and a byte for each"));
  return to_grey(picture);
}

} // namespace

CascadeDetector::CascadeDetector(Cascade cascade, const CascadeSettings& settings)
    : cascade_(std::make_shared<const Cascade>(std::move(cascade))), settings_(settings) {
  expect_sound(*cascade_, "cascade");
  expect_in_range(settings);
}

std::vector<Detection> CascadeDetector::detect(const Image& picture, int threads) const {
  const auto found = scan(*cascade_, grey_of(picture), settings_, threads);
  return clipped(grouped(found, settings_.min_neighbors), picture.width, picture.height);
}

std::vector<Detection> CascadeDetector::detect_in(const Image& picture, const Search& search, int threads) const {
  const auto part = part_of(picture, search.region);
  auto settings = settings_;
  settings.min_face = std::max(settings.min_face, search.least);
  if (search.most > 0)
    settings.max_face = settings.max_face > 0 ? std::min(settings.max_face, search.most) : search.most;
  if (!part || (settings.max_face > 0 && settings.min_face > settings.max_face)) return {};
  const auto windows = scan(*cascade_, grey_of(part->picture), settings, threads);
  return shifted(clipped(grouped(windows, settings.min_neighbors), part->picture.width, part->picture.height), *part);
}

std::vector<Detection> CascadeDetector::windows(const Image& picture, int threads) const {
  return clipped(scan(*cascade_, grey_of(picture), settings_, threads), picture.width, picture.height);
}

} // namespace mien
