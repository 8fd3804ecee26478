// SPDX-License-Identifier: Apache-2.0
#include "mien/vision/face_finder.hpp"

#include "lib/vision/turned.hpp"
#include "mien/core/error.hpp"

#include <algorithm>
#include <cstdint>
#include <tuple>

namespace mien {
namespace {

/// What comes first is smaller.
auto place(const Box& box, FaceOrder order) {
  const auto size = std::int64_t{box.width} * box.height;
  return std::tuple(order == FaceOrder::by_size ? -size : 0, box.x, box.y, -size);
}

} // namespace

FaceSquare face_square(const Detection& face, const FaceCrop& crop) {
  const Box& box = face.box;
  const double right = crop.x * box.width, down = crop.y * box.height;
  const Point centre = {box.x + box.width / 2.0, box.y + box.height / 2.0};
  const auto [x, y] = turned(centre, right, down, face.roll);
  return {.x = x, .y = y, .side = crop.scale * (box.width + box.height) / 2, .degrees = face.roll};
}

FaceFinder::FaceFinder(std::shared_ptr<const Detector> detector, FaceCrop crop)
    : detector_(std::move(detector)), crop_(std::move(crop)) {
  if (crop_.aligned) eyes_ = std::make_shared<EyeFinder>();
  if (!detector_) throw Error("face finder: a detector is needed");
}

FoundFace FaceFinder::found(const Image& picture, const Detection& face) const {
  Detection level = face;
  if (eyes_) {
    if (const auto eyes = eyes_->find(picture, face)) level.roll = static_cast<float>(eyes->roll());
  }
  return {face, face_square(level, crop_)};
}

std::vector<FoundFace> FaceFinder::find(const Image& picture, int threads, FaceOrder order) const {
  std::vector<FoundFace> faces;
  for (const auto& face : detector_->detect(picture, threads)) faces.push_back(found(picture, face));
  std::ranges::stable_sort(faces, {}, [&](const FoundFace& face) { return place(face.detection.box, order); });
  return faces;
}

} // namespace mien
