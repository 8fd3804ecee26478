// SPDX-License-Identifier: Apache-2.0
// Shapes as signed distances: below zero inside, above zero outside, in the units of the drawing.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace mien::faces {

/// A place in the drawing: x to the right, y down, the picture spans [-1, 1] both ways.
struct Point {
  float x = 0;
  float y = 0;
  friend Point operator+(Point a, Point b) noexcept { return {a.x + b.x, a.y + b.y}; }
  friend Point operator-(Point a, Point b) noexcept { return {a.x - b.x, a.y - b.y}; }
  friend Point operator*(float s, Point a) noexcept { return {s * a.x, s * a.y}; }
};

/// An upright rectangle that holds a shape.
struct Box {
  float left = std::numeric_limits<float>::max();
  float top = std::numeric_limits<float>::max();
  float right = std::numeric_limits<float>::lowest();
  float bottom = std::numeric_limits<float>::lowest();

  void include(Point p, float radius = 0) noexcept {
    left = std::min(left, p.x - radius), right = std::max(right, p.x + radius);
    top = std::min(top, p.y - radius), bottom = std::max(bottom, p.y + radius);
  }
};

struct Ellipse {
  Point centre;
  float rx = 0;
  float ry = 0;

  [[nodiscard]] Box box() const noexcept { return {centre.x - rx, centre.y - ry, centre.x + rx, centre.y + ry}; }
  [[nodiscard]] float distance(Point p) const noexcept {
    // The value of the implicit function over the length of its gradient: exact on the outline, good near it.
    const float x = (p.x - centre.x) / rx, y = (p.y - centre.y) / ry;
    const float value = std::sqrt(x * x + y * y);
    const float gradient = std::sqrt(x / rx * (x / rx) + y / ry * (y / ry));
    return gradient > 0 ? value * (value - 1) / gradient : -std::min(rx, ry);
  }
};

/// A line through points, as thick at each as the point says: a brow, a wrinkle, a lock of hair.
struct Stroke {
  struct Knot {
    Point at;
    float radius;
  };
  std::vector<Knot> knots;

  [[nodiscard]] Box box() const noexcept {
    Box box;
    for (const Knot& knot : knots) box.include(knot.at, knot.radius);
    return box;
  }
  [[nodiscard]] float distance(Point p) const noexcept {
    float least = std::numeric_limits<float>::max();
    for (std::size_t i = 1; i < knots.size(); ++i) {
      const Knot &a = knots[i - 1], &b = knots[i];
      const Point along = b.at - a.at, to = p - a.at;
      const float length = along.x * along.x + along.y * along.y;
      const float t = length > 0 ? std::clamp((to.x * along.x + to.y * along.y) / length, 0.0f, 1.0f) : 0.0f;
      const Point off = to - t * along;
      least = std::min(least, std::sqrt(off.x * off.x + off.y * off.y) - (a.radius + t * (b.radius - a.radius)));
    }
    return least;
  }
};

/// A curve from `a` through `middle` to `b` (a parabola), with the thickness of each.
[[nodiscard]] inline Stroke curve(Stroke::Knot a, Stroke::Knot middle, Stroke::Knot b) {
  constexpr int pieces = 8;
  Stroke stroke;
  for (int i = 0; i <= pieces; ++i) {
    const float t = static_cast<float>(i) / pieces;
    const float wa = (1 - t) * (1 - 2 * t), wm = 4 * t * (1 - t), wb = t * (2 * t - 1); // Lagrange
    stroke.knots.push_back(
        {wa * a.at + wm * middle.at + wb * b.at, wa * a.radius + wm * middle.radius + wb * b.radius});
  }
  return stroke;
}

/// A filled outline of straight edges.
struct Polygon {
  std::vector<Point> points;

  [[nodiscard]] Box box() const noexcept {
    Box box;
    for (const Point p : points) box.include(p);
    return box;
  }
  [[nodiscard]] float distance(Point p) const noexcept {
    float least = std::numeric_limits<float>::max();
    bool inside = false;
    for (std::size_t i = 0, j = points.size() - 1; i < points.size(); j = i++) {
      const Point along = points[j] - points[i], to = p - points[i];
      const float length = along.x * along.x + along.y * along.y;
      const float t = length > 0 ? std::clamp((to.x * along.x + to.y * along.y) / length, 0.0f, 1.0f) : 0.0f;
      const Point off = to - t * along;
      least = std::min(least, off.x * off.x + off.y * off.y);
      if ((points[i].y > p.y) != (points[j].y > p.y) && p.x < points[i].x + along.x * (p.y - points[i].y) / along.y) {
        inside = !inside;
      }
    }
    return inside ? -std::sqrt(least) : std::sqrt(least);
  }
};

/// What lies between two curves y = upper(t) and y = lower(t), x = centre + t half, t from -1 to 1: an eye, a lip.
template <class Upper, class Lower>
[[nodiscard]] Polygon between(float centre, float half, const Upper& upper, const Lower& lower) {
  constexpr int pieces = 12;
  Polygon polygon;
  for (int i = 0; i <= 2 * pieces; ++i) { // there along the upper edge, back along the lower one
    const float t = 1 - static_cast<float>(std::abs(pieces - i)) * 2 / pieces;
    polygon.points.push_back({centre - t * half, i < pieces ? upper(-t) : lower(-t)});
  }
  return polygon;
}

/// Where two shapes overlap: an iris behind its lids.
template <class A, class B> struct Overlap {
  const A& a;
  const B& b;
  [[nodiscard]] Box box() const noexcept { return a.box(); }
  [[nodiscard]] float distance(Point p) const noexcept { return std::max(a.distance(p), b.distance(p)); }
};

/// One shape without another: hair around a face.
template <class A, class B> struct Without {
  const A& a;
  const B& b;
  [[nodiscard]] Box box() const noexcept { return a.box(); }
  [[nodiscard]] float distance(Point p) const noexcept { return std::max(a.distance(p), -b.distance(p)); }
};

} // namespace mien::faces
