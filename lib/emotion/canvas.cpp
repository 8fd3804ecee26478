// SPDX-License-Identifier: Apache-2.0
// Pixels, their places in the drawing, and the camera.
#include "lib/emotion/canvas.hpp"

#include "mien/core/math.hpp"

#include <cstdint>

namespace mien::faces {

Canvas::Canvas(int width, int height, const Pose& pose)
    : width_(width), height_(height), unit_(static_cast<float>(std::min(width, height))),
      where_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height)), values_(where_.size()) {
  look(pose);
}

void Canvas::look(const Pose& pose) {
  pose_ = pose;
  turn_ = {static_cast<float>(math::cos_turns(static_cast<double>(pose.roll))),
           static_cast<float>(math::sin_turns(static_cast<double>(pose.roll)))};
  pixel_ = 2 / (unit_ * pose.scale);
  for (int y = 0; y < height_; ++y) {
    for (int x = 0; x < width_; ++x) {
      const Point p = Point{static_cast<float>(2 * x + 1 - width_), static_cast<float>(2 * y + 1 - height_)};
      const Point moved = 1 / pose.scale * (1 / unit_ * p - pose.shift);
      Point q = {turn_.x * moved.x + turn_.y * moved.y, turn_.x * moved.y - turn_.y * moved.x};
      // The head is round: its middle turns by the whole angle, its outline stays where it is.
      const float bulge = std::max(0.0f, 1 - (q.x * q.x + q.y * q.y));
      q = q - bulge * Point{pose.yaw, pose.nod};
      where_[index(x, y)] = q;
    }
  }
}

Canvas::Window Canvas::window(Box box, float margin) const noexcept {
  const float dx = margin + std::abs(pose_.yaw), dy = margin + std::abs(pose_.nod);
  Box reach;
  for (const float x : {box.left - dx, box.right + dx}) {
    for (const float y : {box.top - dy, box.bottom + dy}) {
      reach.include(pose_.scale * Point{turn_.x * x - turn_.y * y, turn_.y * x + turn_.x * y} + pose_.shift);
    }
  }
  const auto pixel = [&](float at, int side) {
    const float span = static_cast<float>(side) / unit_;
    return static_cast<int>(std::floor(std::clamp((at + span) / 2, 0.0f, span) * unit_ + 0.5f));
  };
  return {pixel(reach.left, width_), pixel(reach.top, height_), pixel(reach.right, width_),
          pixel(reach.bottom, height_)};
}

void Canvas::background(float first, float last) noexcept {
  const float steps = static_cast<float>(width_ + height_ - 2);
  for (int y = 0; y < height_; ++y) {
    for (int x = 0; x < width_; ++x) {
      values_[index(x, y)] = first + (last - first) * static_cast<float>(x + y) / steps;
    }
  }
}

void Canvas::light(Point towards) noexcept {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    values_[i] *= 1 + std::clamp(where_[i].x * towards.x + where_[i].y * towards.y, -0.8f, 0.8f);
  }
}

void Canvas::blur(float weight) {
  for (const bool upright : {false, true}) {
    const int lines = upright ? width_ : height_, length = upright ? height_ : width_;
    std::vector<float> line(static_cast<std::size_t>(length));
    for (int l = 0; l < lines; ++l) {
      const auto at = [&](int i) -> float& {
        const int inside = std::clamp(i, 0, length - 1);
        return values_[upright ? index(l, inside) : index(inside, l)];
      };
      for (int i = 0; i < length; ++i) {
        line[static_cast<std::size_t>(i)] = at(i) + weight * (at(i - 1) - 2 * at(i) + at(i + 1));
      }
      for (int i = 0; i < length; ++i) at(i) = line[static_cast<std::size_t>(i)];
    }
  }
}

Image Canvas::photograph(const Camera& camera, Rng& rng) {
  blur(camera.blur);
  Image image{.width = width_, .height = height_, .channels = 1, .pixels = std::vector<std::uint8_t>(values_.size())};
  for (std::size_t i = 0; i < values_.size(); ++i) {
    // Four bytes add up to something near enough to normal, at a quarter of the price: mean 510, deviation 147.8.
    const std::uint32_t word = rng.bits();
    const auto sum = (word & 255) + (word >> 8 & 255) + (word >> 16 & 255) + (word >> 24);
    const float noise = camera.noise * (static_cast<float>(sum) - 510) / 147.8f;
    const float value = 0.5f + camera.contrast * (values_[i] - 0.5f) + camera.brightness + noise;
    image.pixels[i] = static_cast<std::uint8_t>(std::floor(std::clamp(value, 0.0f, 1.0f) * 255 + 0.5f));
  }
  return image;
}

} // namespace mien::faces
