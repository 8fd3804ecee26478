// SPDX-License-Identifier: Apache-2.0
#include "mien/vision/combined_detectors.hpp"

#include "lib/vision/turned.hpp"
#include "mien/core/error.hpp"
#include "mien/data/cut.hpp"
#include "mien/data/grey.hpp"
#include "mien/vision/overlap.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace mien {
namespace {

void expect_detector(const std::shared_ptr<const Detector>& detector) {
  if (!detector) throw Error("detector: one that looks is needed, there is none");
}

/// What two boxes share of what they cover together, where they show one face.
constexpr double same_face = 0.3;

Image mirrored(Image grey) {
  for (auto row = grey.pixels.begin(); row != grey.pixels.end(); row += grey.width) std::reverse(row, row + grey.width);
  return grey;
}

/// The square that holds the whole picture however it is turned.
FaceSquare turned_whole(const Image& picture, float degrees) {
  const double width = picture.width, height = picture.height;
  const double side = std::ceil(std::sqrt(width * width + height * height));
  if (side > 10'000)
    throw Error(concat("detect: a picture of ", picture.width, "x", picture.height,
                       " pixels is too large to be turned, 10000 across are possible; make it smaller"));
  return {.x = width / 2, .y = height / 2, .side = side, .degrees = degrees};
}

/// A face found in what was cut out, where it is in the picture.
Detection turned_back(Detection face, const FaceSquare& square) {
  const double right = face.box.x + face.box.width / 2.0 - square.side / 2;
  const double down = face.box.y + face.box.height / 2.0 - square.side / 2;
  const auto [x, y] = turned({square.x, square.y}, right, down, square.degrees);
  face.box.x = static_cast<int>(std::floor(x - face.box.width / 2.0 + 0.5));
  face.box.y = static_cast<int>(std::floor(y - face.box.height / 2.0 + 0.5));
  face.roll += static_cast<float>(square.degrees);
  return face;
}

bool has_centre_in(const Image& picture, const Box& box) noexcept {
  const int x = box.x + box.width / 2, y = box.y + box.height / 2;
  return x >= 0 && y >= 0 && x < picture.width && y < picture.height;
}

} // namespace

std::vector<Detection> without_doubles(std::span<const Detection> detections) {
  std::vector<Detection> sorted(detections.begin(), detections.end());
  std::ranges::stable_sort(sorted, std::greater(), [](const Detection& d) { return std::pair(d.neighbors, d.score); });
  std::vector<Detection> kept;
  for (const auto& face : sorted) {
    const auto same = [&](const Detection& surer) { return overlap(face.box, surer.box) >= same_face; };
    if (std::ranges::none_of(kept, same)) kept.push_back(face);
  }
  return kept;
}

UnionDetector::UnionDetector(std::vector<std::shared_ptr<const Detector>> detectors)
    : detectors_(std::move(detectors)) {
  if (detectors_.empty()) expect_detector(nullptr);
  std::ranges::for_each(detectors_, expect_detector);
}

std::vector<Detection> UnionDetector::detect(const Image& picture, int threads) const {
  std::vector<Detection> all;
  for (const auto& detector : detectors_)
    std::ranges::copy(detector->detect(picture, threads), std::back_inserter(all));
  return without_doubles(all);
}

MirroredDetector::MirroredDetector(std::shared_ptr<const Detector> detector) : detector_(std::move(detector)) {
  expect_detector(detector_);
}

std::vector<Detection> MirroredDetector::detect(const Image& picture, int threads) const {
  auto all = detector_->detect(picture, threads);
  for (auto face : detector_->detect(mirrored(to_grey(picture)), threads)) {
    face.box.x = picture.width - face.box.x - face.box.width;
    face.roll = -face.roll;
    all.push_back(face);
  }
  return without_doubles(all);
}

TiltedDetector::TiltedDetector(std::shared_ptr<const Detector> upright, std::vector<float> turns)
    : upright_(std::move(upright)), turns_(std::move(turns)) {
  expect_detector(upright_);
  for (const float turn : turns_)
    if (!(std::abs(turn) <= 180)) throw Error(concat("detector: a turn of ", turn, " degrees, expected -180 to 180"));
}

std::vector<Detection> TiltedDetector::detect(const Image& picture, int threads) const {
  auto all = upright_->detect(picture, threads);
  const auto grey = to_grey(picture);
  for (const float turn : turns_) {
    const auto square = turned_whole(picture, turn);
    for (const auto& found : upright_->detect(cut(grey, square), threads)) {
      const auto face = turned_back(found, square);
      if (has_centre_in(picture, face.box)) all.push_back(face); // beyond its edges the turned picture repeats pixels
    }
  }
  return without_doubles(all);
}

} // namespace mien
