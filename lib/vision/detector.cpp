// SPDX-License-Identifier: Apache-2.0
#include "mien/vision/detector.hpp"

#include "lib/vision/part.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace mien {

std::optional<Part> part_of(const Image& picture, const Box& region) {
  expect_whole(picture, "detect");
  const auto width = std::int64_t{picture.width}, height = std::int64_t{picture.height};
  const auto left = std::clamp(std::int64_t{region.x}, std::int64_t{0}, width);
  const auto top = std::clamp(std::int64_t{region.y}, std::int64_t{0}, height);
  const auto right = std::clamp(std::int64_t{region.x} + region.width, left, width);
  const auto bottom = std::clamp(std::int64_t{region.y} + region.height, top, height);
  if (left == right || top == bottom) return {};

  Part part{static_cast<int>(left),
            static_cast<int>(top),
            {.width = static_cast<int>(right - left),
             .height = static_cast<int>(bottom - top),
             .channels = picture.channels,
             .pixels = {}}};
  const auto row = (right - left) * picture.channels;
  part.picture.pixels.reserve(static_cast<std::size_t>(row * (bottom - top)));
  for (auto y = top; y < bottom; ++y) {
    const auto begin = picture.pixels.begin() + (y * width + left) * picture.channels;
    part.picture.pixels.insert(part.picture.pixels.end(), begin, begin + row);
  }
  return part;
}

std::vector<Detection> shifted(std::vector<Detection> detections, const Part& part) {
  for (auto& detection : detections) {
    detection.box.x += part.x;
    detection.box.y += part.y;
  }
  return detections;
}

std::vector<Detection> Detector::detect_in(const Image& picture, const Search& search, int threads) const {
  const auto part = part_of(picture, search.region);
  if (!part) return {};
  auto found = detect(part->picture, threads);
  std::erase_if(found, [&](const Detection& face) {
    return face.box.width < search.least || (search.most > 0 && face.box.width > search.most);
  });
  return shifted(std::move(found), *part);
}

} // namespace mien
