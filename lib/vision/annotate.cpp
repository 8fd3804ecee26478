// SPDX-License-Identifier: Apache-2.0
// Frames and labels.
#include "mien/vision/annotate.hpp"

#include "mien/core/error.hpp"
#include "mien/core/math.hpp"
#include "mien/data/draw.hpp"
#include "mien/data/grey.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace mien {
namespace {

constexpr std::array<Colour, 8> palette = {{{213, 94, 0},      // vermilion
                                            {0, 158, 115},     // green
                                            {204, 121, 167},   // purple
                                            {240, 228, 66},    // yellow
                                            {86, 180, 233},    // sky blue
                                            {0, 114, 178},     // blue
                                            {230, 159, 0},     // orange
                                            {153, 153, 153}}}; // grey
constexpr Colour black = {0, 0, 0}, white = {255, 255, 255};

Colour colour_of(const Annotation& a) { return class_colour(a.colour); }

/// How thick the lines of one annotation are, in pixels.
struct Pen {
  int line; ///< of the frame
  int edge; ///< of the dark rim on both sides of it, which shows it on any ground
  int dot;  ///< of the text
};

/// A large picture is looked at made smaller, so it has thicker lines; a large face has room for larger text.
Pen pen_for(const Image& picture, const Annotation& a) {
  const int longest = std::max(picture.width, picture.height), least = std::max(1, longest / 640);
  const int line = std::clamp(a.box.width / 40, least, 3 * least);
  const int dot = std::clamp(a.box.width / 60, least, std::max(least, longest / 250)); // ten characters are as wide
  return {line, (line + 1) / 2, dot};
}

/// A box turned about its centre.
struct Turned {
  float x, y, half_width, half_height, cosine, sine;

  explicit Turned(const Annotation& a)
      : x(static_cast<float>(a.box.x) + static_cast<float>(a.box.width) / 2),
        y(static_cast<float>(a.box.y) + static_cast<float>(a.box.height) / 2),
        half_width(static_cast<float>(a.box.width) / 2), half_height(static_cast<float>(a.box.height) / 2),
        cosine(static_cast<float>(math::cos_turns(static_cast<double>(a.roll) / 360))),
        sine(static_cast<float>(math::sin_turns(static_cast<double>(a.roll) / 360))) {}

  /// How far a pixel's middle lies from the outline; below zero inside.
  [[nodiscard]] float distance(int column, int row) const noexcept {
    const float dx = static_cast<float>(column) + 0.5f - x, dy = static_cast<float>(row) + 0.5f - y;
    return std::max(std::abs(cosine * dx + sine * dy) - half_width, std::abs(cosine * dy - sine * dx) - half_height);
  }
  /// The pixels of the picture that it reaches with a margin.
  [[nodiscard]] Box within(const Image& picture, float margin) const noexcept {
    const float reach_x = std::abs(cosine) * half_width + std::abs(sine) * half_height + margin;
    const float reach_y = std::abs(sine) * half_width + std::abs(cosine) * half_height + margin;
    const auto pixel = [](float at, int end) { // the cast comes after the clamp: a box may lie anywhere
      return static_cast<int>(std::floor(std::clamp(at + 0.5f, 0.0f, static_cast<float>(end))));
    };
    const int left = pixel(x - reach_x, picture.width), top = pixel(y - reach_y, picture.height);
    return {left, top, pixel(x + reach_x, picture.width) - left, pixel(y + reach_y, picture.height) - top};
  }
};

Box overlap(const Box& a, const Box& b) {
  const int x = std::max(a.x, b.x), y = std::max(a.y, b.y);
  return {x, y, std::max(0, std::min(a.x + a.width, b.x + b.width) - x),
          std::max(0, std::min(a.y + a.height, b.y + b.height) - y)};
}

std::int64_t area(const Box& box) { return std::int64_t{box.width} * box.height; }

void mix(Image& picture, int x, int y, Colour colour, float share) {
  auto* pixel = &picture.pixels[(static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) +
                                 static_cast<std::size_t>(x)) *
                                3];
  for (const auto value : {colour.r, colour.g, colour.b}) {
    const auto old = static_cast<float>(*pixel);
    *pixel++ = static_cast<std::uint8_t>(old + share * (static_cast<float>(value) - old) + 0.5f);
  }
}

/// An outline just inside the box, with its rim, by each pixel's distance from it.
void draw_frame(Image& picture, const Turned& box, Colour colour, const Pen& pen) {
  const auto half_line = static_cast<float>(pen.line) / 2, rim = half_line + static_cast<float>(pen.edge);
  const Box reach = box.within(picture, rim + 1);
  for (int y = reach.y; y < reach.y + reach.height; ++y) {
    for (int x = reach.x; x < reach.x + reach.width; ++x) {
      const float distance = std::abs(box.distance(x, y) + half_line);
      if (distance >= rim + 0.5f) continue;
      mix(picture, x, y, black, std::min(1.0f, rim + 0.5f - distance));
      mix(picture, x, y, colour, std::clamp(half_line + 0.5f - distance, 0.0f, 1.0f));
    }
  }
}

/// Where a label of this size hides least of the labels that stand already, of the other faces, and of its own.
Box place_label(const Image& picture, std::span<const Box> faces, std::size_t own, std::span<const Box> labels,
                int width, int height) {
  const Box& face = faces[own];
  const int left = face.x, right = face.x + face.width, top = face.y, bottom = face.y + face.height;
  const Box places[] = {{left, top - height, width, height},
                        {left, bottom, width, height},
                        {right - width, top - height, width, height},
                        {right - width, bottom, width, height},
                        {right, top, width, height},
                        {left - width, top, width, height},
                        {left, top, width, height},
                        {left, bottom - height, width, height}};
  const auto cost = [&](const Box& place) {
    std::int64_t hidden = 0;
    for (const auto& label : labels) hidden += 8 * area(overlap(place, label));
    for (std::size_t i = 0; i < faces.size(); ++i) hidden += (i == own ? 1 : 2) * area(overlap(place, faces[i]));
    return hidden;
  };
  Box best;
  auto least = std::numeric_limits<std::int64_t>::max();
  for (Box place : places) {
    place.x = std::max(0, std::min(place.x, picture.width - width));
    place.y = std::max(0, std::min(place.y, picture.height - height));
    if (const auto hidden = cost(place); hidden < least) best = place, least = hidden;
  }
  return best;
}

void draw_label(Image& picture, const Annotation& a, const Box& place, int dot) {
  const Colour ground = colour_of(a);
  fill(picture, place.x, place.y, place.width, place.height, ground);
  const bool light = grey(ground.r, ground.g, ground.b) > 100; // above it, black has more contrast than white
  draw_text(picture, place.x + 2 * dot, place.y + 2 * dot, a.text, light ? black : white, dot);
}

} // namespace

Colour class_colour(int number) noexcept {
  constexpr int n = palette.size();
  return palette[static_cast<std::size_t>((number % n + n) % n)];
}

Image annotated(const Image& picture, std::span<const Annotation> annotations) {
  expect_whole(picture, "annotated");
  Image result = to_rgb(picture);
  std::vector<Box> faces, labels;
  for (const auto& a : annotations) {
    if (!std::isfinite(a.roll)) throw Error("annotated: a face is turned by no finite angle; give degrees");
    const Turned box(a);
    draw_frame(result, box, colour_of(a), pen_for(picture, a));
    faces.push_back(box.within(picture, 0));
  }
  for (std::size_t i = 0; i < annotations.size(); ++i) {
    const auto& a = annotations[i];
    if (a.text.empty()) continue;
    const int dot = pen_for(picture, a).dot;
    labels.push_back(place_label(picture, faces, i, labels, (text_width(a.text) + 4) * dot, (glyph_height + 3) * dot));
    draw_label(result, a, labels.back(), dot);
  }
  return result;
}

} // namespace mien
